import { computed, type ReadonlySignal } from '@preact/signals';
import { language } from '../../texts.ts';
import { picturesEn } from './texts-en.ts';
import { picturesZh } from './texts-zh.ts';

/** The texts of the page of pictures in its language: of that page alone, so no other loads them. */
export const p: ReadonlySignal<typeof picturesEn> = computed(() =>
  language.value === 'zh' ? picturesZh : picturesEn,
);
