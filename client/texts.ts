import { computed, signal } from '@preact/signals';
import { compareEn } from './features/compare/texts-en.ts';
import { compareZh } from './features/compare/texts-zh.ts';
import { demosEn } from './features/demos/texts-en.ts';
import { demosZh } from './features/demos/texts-zh.ts';
import { denoiseEn } from './features/denoise/texts-en.ts';
import { denoiseZh } from './features/denoise/texts-zh.ts';
import { explainEn } from './features/explain/texts-en.ts';
import { explainZh } from './features/explain/texts-zh.ts';
import { lessonEn } from './features/lesson/texts-en.ts';
import { lessonZh } from './features/lesson/texts-zh.ts';
import { recordEn } from './features/record/texts-en.ts';
import { recordZh } from './features/record/texts-zh.ts';
import { trainEn } from './features/train/texts-en.ts';
import { trainZh } from './features/train/texts-zh.ts';
import { watchEn } from './features/watch/texts-en.ts';
import { watchZh } from './features/watch/texts-zh.ts';
import { sharedEn } from './shared/texts/texts-en.ts';
import { sharedZh } from './shared/texts/texts-zh.ts';
import type { Language } from './shell/address/url.ts';
import { shellEn } from './shell/texts-en.ts';
import { shellZh } from './shell/texts-zh.ts';

/** Every text of the page, each room's beside its views. Functions take what varies. */
const en = {
  ...sharedEn,
  ...shellEn,
  ...watchEn,
  ...recordEn,
  ...demosEn,
  ...trainEn,
  ...compareEn,
  ...explainEn,
  ...denoiseEn,
  lesson: lessonEn,
};
export type Dictionary = typeof en;

const zh: Dictionary = {
  ...sharedZh,
  ...shellZh,
  ...watchZh,
  ...recordZh,
  ...demosZh,
  ...trainZh,
  ...compareZh,
  ...explainZh,
  ...denoiseZh,
  lesson: lessonZh,
};

export const DICTIONARIES: Readonly<Record<Language, Dictionary>> = { en, zh };
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' };

/** The language of the page. */
export const language = signal<Language>('en');

/**
 * All texts in the language of the page. Not an i18n library's: as typed objects, a missing text or
 * argument of a language is an error of the compiler.
 */
export const t = computed(() => DICTIONARIES[language.value]);
