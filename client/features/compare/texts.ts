import { computed } from '@preact/signals';
import { type Language, language } from '../../texts.ts';
import { compareEn } from './texts-en.ts';
import { compareZh } from './texts-zh.ts';

/** Texts of the panel in every language: they come with it, and a first visit waits for none. */
export const COMPARE_TEXTS: Readonly<Record<Language, typeof compareEn>> = {
  en: compareEn,
  zh: compareZh,
};

export const compareText = computed(() => COMPARE_TEXTS[language.value]);
