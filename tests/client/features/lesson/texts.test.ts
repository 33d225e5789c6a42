import { afterEach, expect, it } from 'vitest';
import { lessonText, speakLesson } from '../../../../client/features/lesson/texts.ts';
import { lessonEn } from '../../../../client/features/lesson/texts-en.ts';
import { lessonZh } from '../../../../client/features/lesson/texts-zh.ts';
import { speak } from '../../../../client/texts.ts';

afterEach(() => speak('en').then(() => speakLesson('en')));

it('the lesson follows the language of the page, once it has its texts', async () => {
  expect(lessonText.value).toBe(lessonEn);
  await speak('zh');
  const spoken = speakLesson('zh');
  expect(lessonText.value).toBe(lessonEn);
  await spoken;
  expect(lessonText.value).toBe(lessonZh);
});

it('the lesson does not keep a language that came after the page had gone back', async () => {
  await speak('zh');
  const late = speakLesson('zh');
  await speak('en');
  await Promise.all([late, speakLesson('en')]);
  expect(lessonText.value).toBe(lessonEn);
});
