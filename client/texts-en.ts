import { aloneEn } from './features/alone/texts-en.ts';
import { demosEn } from './features/demos/texts-en.ts';
import { denoiseEn } from './features/denoise/texts-en.ts';
import { explainEn } from './features/explain/texts-en.ts';
import { recordEn } from './features/record/texts-en.ts';
import { trainEn } from './features/train/texts-en.ts';
import { watchEn } from './features/watch/texts-en.ts';
import { wordsEn } from './features/words/texts-en.ts';
import { sharedEn } from './shared/texts/texts-en.ts';
import { shellEn } from './shell/texts-en.ts';

/**
 * Texts of the page, each room's beside its views; those of the lesson are with its page. Functions take
 * what varies.
 */
export const en = {
  ...sharedEn,
  ...shellEn,
  ...watchEn,
  ...recordEn,
  ...demosEn,
  ...trainEn,
  ...explainEn,
  ...denoiseEn,
  ...wordsEn,
  ...aloneEn,
};

export type Dictionary = typeof en;
