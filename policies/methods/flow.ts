import { STRAIGHT_PATH } from '../paths.ts';
import { drawFlowTime } from './flow-time.ts';
import { meanSquare } from './losses.ts';
import type { Learning, Method } from './method.ts';

/**
 * Flow matching: the velocity data − noise on the straight path between the two.
 *
 * @see Lipman et al. 2023, arXiv:2210.02747
 */
export const FLOW = {
  name: 'flow',
  title: 'Flow',
  learns: 'the velocity from noise to data',
  objective: { kind: 'flow' },
  // Near the noise the words alone say where a chunk goes; near the data the noisy chunk itself does,
  // and the loss has nothing to gain from reading them. With times drawn evenly, no colour was learnt.
  reading: { kind: 'flow', time: 'beta' },
  network: 'unet',
  samplers: ['euler', 'heun', 'one-step', 'renoise'],
} as const satisfies Method<'flow'>;

export const FLOW_LEARNING = {
  path: () => STRAIGHT_PATH,
  drawTime: ({ time }, random) => drawFlowTime(random, time),
  loss: meanSquare,
} satisfies Learning<'flow'>;
