import { meanSquare } from './losses.ts';
import type { Learning, Method } from './method.ts';

/**
 * Regression of the chunk itself: ‖a − f(o)‖². Where demonstrations disagree its best answer is their
 * mean. The network's noise input is zero and its time is zero.
 */
export const L2 = {
  name: 'l2',
  title: 'L2',
  learns: 'the chunk itself, ‖a − f(o)‖²',
  objective: { kind: 'regression' },
  reading: { kind: 'regression' },
  network: 'unet',
  samplers: ['direct'],
} as const satisfies Method<'regression'>;

export const L2_LEARNING = { path: () => null, loss: meanSquare } satisfies Learning<'regression'>;
