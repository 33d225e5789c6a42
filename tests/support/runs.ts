import { presetPolicy } from '../../policies/config/index.ts';
import type { Run } from '../../server/protocol/index.ts';

/** A run that has not begun. */
export const FRESH_RUN: Omit<Run, 'id' | 'createdAt'> = {
  policy: 'flow',
  preset: 'quick',
  spec: presetPolicy('quick', 'flow', { task: 'left-right', controlHz: 20 }),
  training: {
    steps: 10,
    batch: 64,
    learningRate: 1e-3,
    warmupSteps: 1,
    weightDecay: 1e-6,
    clipNorm: 1,
    emaDecay: 0.995,
    seed: 0,
  },
  dataset: { name: 'demos', hash: 'abc', episodes: 2 },
  status: 'queued',
  pid: null,
  engine: null,
  step: 0,
  loss: null,
  seconds: 0,
  warnings: [],
  error: null,
};
