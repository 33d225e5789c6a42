import { batch, type ReadonlySignal, signal } from '@preact/signals';
import { type Dictionary, en } from './texts-en.ts';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' };

/** English comes with the page, any other language when it is first spoken. */
const OTHERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Dictionary>>> = {
  zh: async () => (await import('./texts-zh.ts')).zh,
};

const spoken = signal<Language>('en');
const dictionary = signal<Dictionary>(en);
let wanted: Language = 'en';

/** The language of the page. */
export const language: ReadonlySignal<Language> = spoken;

/**
 * All texts in the language of the page. Not an i18n library's: as typed objects, a missing text or
 * argument of a language is an error of the compiler.
 */
export const t: ReadonlySignal<Dictionary> = dictionary;

/**
 * Changes the language of the page. Of two that are asked for in turn the later is kept; one whose
 * texts cannot be fetched is not spoken, and the page, which then says that it has lost the server,
 * stays in the language it has.
 */
export async function speak(next: Language): Promise<void> {
  wanted = next;
  const texts = next === 'en' ? en : await OTHERS[next]().catch(() => null);
  if (texts === null || wanted !== next) return;
  batch(() => {
    spoken.value = next;
    dictionary.value = texts;
  });
}
