import type { MethodName } from '../methods/index.ts';

/**
 * The checkpoints that ship, and the method of each: those that are compared; flows of the task
 * `left-right-colour` that read instructions, of which one is told where the balls are, one has a
 * camera, and one with a camera acts at 50 Hz in chunks of two seconds; and two of `three-ways`.
 */
export const SHIPPED = {
  l2: 'l2',
  diffusion: 'diffusion',
  flow: 'flow',
  lstm: 'lstm',
  reflow: 'reflow',
  'reading-flow': 'flow',
  'seeing-flow': 'flow',
  'lesson-flow': 'flow',
  'three-ways-l2': 'l2',
  'three-ways-flow': 'flow',
} as const satisfies Readonly<Record<string, MethodName>>;
export type ShippedName = keyof typeof SHIPPED;
export const SHIPPED_NAMES = Object.keys(SHIPPED) as ShippedName[];
