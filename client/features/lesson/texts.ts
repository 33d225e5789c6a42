import { type ReadonlySignal, signal } from '@preact/signals';
import { type Language, language } from '../../texts.ts';
import { lessonEn } from './texts-en.ts';

const texts = signal(lessonEn);

/** Texts of the lesson in the language of the page: no other page waits for them. */
export const lessonText: ReadonlySignal<typeof lessonEn> = texts;

/** Gives the lesson the language that the page has come to speak; where it cannot be fetched, it stays. */
export async function speakLesson(spoken: Language): Promise<void> {
  const other = spoken === 'zh' ? await import('./texts-zh.ts').catch(() => null) : null;
  const found = spoken === 'zh' ? other?.lessonZh : lessonEn;
  if (found && language.peek() === spoken) texts.value = found;
}
