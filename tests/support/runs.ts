import { type NetworkSpec, presetPolicy } from '../../policies/config/index.ts';
import { type Run, type TrainRequest, trainRequestSchema } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { createRun, UNTRAINED } from '../../server/training/create-run.ts';

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
  warnings: [],
  ...UNTRAINED,
};

/** Hardly a network: what takes the time in short trainings is to trace and open the preset's. */
export const TINIEST: NetworkSpec = {
  kind: 'unet',
  channels: [8],
  kernel: 3,
  groups: 4,
  embedding: 16,
};

/**
 * A run that waits, by default of a flow on the dataset `pair`. Its network trains in a moment; a
 * reflow has its teacher's.
 */
export async function newRun(
  { runs, datasets }: Workspace,
  request: Partial<TrainRequest> = {},
): Promise<Run> {
  const defaults = { policy: 'flow', dataset: 'pair', steps: 6 };
  const run = await createRun(
    runs,
    datasets,
    trainRequestSchema.parse({ ...defaults, ...request }),
  );
  if (run.teacher) return run;
  return runs.update(run.id, {
    spec: { ...run.spec, network: TINIEST },
    training: { ...run.training, batch: 8 },
  });
}
