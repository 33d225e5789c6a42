import { type NetworkSpec, presetPolicy } from '../../policies/config/index.ts';
import type { Run } from '../../server/protocol/index.ts';
import type { RunStore } from '../../server/storage/run-store.ts';

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

/** Hardly a network: what takes the time in short trainings is to trace and open the preset's. */
const TINIEST: NetworkSpec = { kind: 'unet', channels: [8], kernel: 3, groups: 4, embedding: 16 };

/** Gives a run that has not begun a network that is ready in a moment. */
export function shrink(runs: RunStore, { id, spec, training }: Run): Promise<Run> {
  return runs.update(id, {
    spec: { ...spec, network: TINIEST },
    training: { ...training, batch: 8 },
  });
}
