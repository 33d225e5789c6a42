import { computed, type ReadonlySignal } from '@preact/signals';
import { language } from '../../texts.ts';
import { experimentsEn } from './texts-en.ts';
import { experimentsZh } from './texts-zh.ts';

/** The texts of the page of experiments in its language: of that page alone, so no other loads them. */
export const x: ReadonlySignal<typeof experimentsEn> = computed(() =>
  language.value === 'zh' ? experimentsZh : experimentsEn,
);
