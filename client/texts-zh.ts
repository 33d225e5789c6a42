import { aloneZh } from './features/alone/texts-zh.ts';
import { demosZh } from './features/demos/texts-zh.ts';
import { denoiseZh } from './features/denoise/texts-zh.ts';
import { explainZh } from './features/explain/texts-zh.ts';
import { recordZh } from './features/record/texts-zh.ts';
import { trainZh } from './features/train/texts-zh.ts';
import { watchZh } from './features/watch/texts-zh.ts';
import { wordsZh } from './features/words/texts-zh.ts';
import { sharedZh } from './shared/texts/texts-zh.ts';
import { shellZh } from './shell/texts-zh.ts';
import type { Dictionary } from './texts-en.ts';

export const zh: Dictionary = {
  ...sharedZh,
  ...shellZh,
  ...watchZh,
  ...recordZh,
  ...demosZh,
  ...trainZh,
  ...explainZh,
  ...denoiseZh,
  ...wordsZh,
  ...aloneZh,
};
