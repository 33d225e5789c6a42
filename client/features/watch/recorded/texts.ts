import { computed } from '@preact/signals';
import { type Language, language } from '../../../texts.ts';
import { recordedEn } from './texts-en.tsx';
import { recordedZh } from './texts-zh.tsx';

/** Texts about a recorded rollout in every language: they come with the note. */
export const RECORDED_TEXTS: Readonly<Record<Language, typeof recordedEn>> = {
  en: recordedEn,
  zh: recordedZh,
};

export const recordedText = computed(() => RECORDED_TEXTS[language.value]);
