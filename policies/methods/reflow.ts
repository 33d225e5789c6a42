import { EULER } from '../samplers/euler.ts';
import { HEUN } from '../samplers/heun.ts';
import { ONE_STEP } from '../samplers/one-step.ts';
import { FLOW } from './flow.ts';
import { meanSquareWithin } from './losses.ts';
import type { Method } from './method.ts';

/**
 * A flow trained on another flow's own pairs of noise and chunk, to go all the way in one step.
 *
 * @see Liu et al. 2023, arXiv:2209.03003
 */
export const REFLOW = {
  ...FLOW,
  name: 'reflow',
  title: 'Reflow',
  learns: 'the straight lines between a flow’s noise and its chunks',
  objective: { kind: 'flow', coupling: 'reflow', time: 'start' },
  reading: { unable: 'the pairs a reflow learns from are drawn without instructions' },
  loss: meanSquareWithin,
  samplers: [ONE_STEP, EULER, HEUN],
} as const satisfies Method<'flow'>;
