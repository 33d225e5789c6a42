import { computed, type ReadonlySignal } from '@preact/signals';
import { language } from '../../../texts.ts';
import { liveEn } from './texts-en.ts';
import { liveZh } from './texts-zh.ts';

/** Texts of the training in the page, fetched with it. */
export const l: ReadonlySignal<typeof liveEn> = computed(() =>
  language.value === 'zh' ? liveZh : liveEn,
);
