import { computed } from '@preact/signals';
import { type Language, language } from '../../texts.ts';
import { latencyEn } from './latency-texts-en.ts';
import { latencyZh } from './latency-texts-zh.ts';

/** Texts of the latency panel in every language: they come with it, and a first visit waits for none. */
export const LATENCY_TEXTS: Readonly<Record<Language, typeof latencyEn>> = {
  en: latencyEn,
  zh: latencyZh,
};

export const latencyText = computed(() => LATENCY_TEXTS[language.value]);
