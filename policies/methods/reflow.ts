import { STRAIGHT_PATH } from '../paths.ts';
import { FLOW } from './flow.ts';
import { drawFlowTime } from './flow-time.ts';
import { meanSquareWithin } from './losses.ts';
import type { Learning, Method } from './method.ts';

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
  describe: () => 'flow, reflow’s pairs',
  teacher: FLOW.name,
  reading: { unable: 'the pairs a reflow learns from are drawn without instructions' },
  samplers: ['one-step', 'euler', 'heun', 'renoise'],
} as const satisfies Method<'flow'>;

export const REFLOW_LEARNING = {
  path: () => STRAIGHT_PATH,
  drawTime: ({ time }, random) => drawFlowTime(random, time),
  loss: meanSquareWithin,
} satisfies Learning<'flow'>;
