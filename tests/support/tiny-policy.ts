import type { PolicySpec } from '../../policies/config/index.ts';
import { migrateMethod } from '../../policies/methods/index.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import { createNetwork, networkShape } from '../../policies/networks/create.ts';
import { Random } from '../../policies/random.ts';
import type { TrainerConfig } from '../../policies/training/trainer.ts';
import type { TrainingWindows } from '../../policies/training/windows.ts';

/** Small enough that a step takes a millisecond. */
export const TINY_SPEC: PolicySpec = {
  task: 'left-right',
  controlHz: 20,
  objective: { kind: 'flow' },
  obsHorizon: 2,
  predHorizon: 8,
  network: { kind: 'unet', channels: [8, 16], kernel: 3, groups: 4, embedding: 16 },
};

/** Everything a training step can be asked to learn from numbers alone. */
export const LEARNERS: readonly Pick<PolicySpec, 'objective' | 'network'>[] = [
  { objective: { kind: 'regression' }, network: TINY_SPEC.network },
  { objective: { kind: 'regression' }, network: { kind: 'lstm', hidden: 12, embedding: 16 } },
  {
    objective: { kind: 'diffusion', steps: 10, prediction: 'epsilon' },
    network: TINY_SPEC.network,
  },
  { objective: { kind: 'diffusion', steps: 10, prediction: 'v' }, network: TINY_SPEC.network },
  { objective: { kind: 'flow' }, network: TINY_SPEC.network },
  { objective: { kind: 'flow', time: 'beta' }, network: TINY_SPEC.network },
];

const DIMS = { observationDim: 3, actionDim: 2 };

export const TINY_SHAPE = networkShape(TINY_SPEC, DIMS);

export const TINY_TRAINING: TrainerConfig = {
  steps: 40,
  batch: 8,
  learningRate: 3e-3,
  warmupSteps: 5,
  weightDecay: 1e-2,
  clipNorm: 1,
  emaDecay: 0.9,
  seed: 3,
};

/** Windows of a rule that can be learnt: the chunk rises from the first observed number. */
export function tinyWindows(count = 20): TrainingWindows {
  const random = Random.of(17);
  const observations = random.fillNormal(new Float32Array(count * 6));
  const chunks = new Float32Array(count * 16);
  for (let i = 0; i < chunks.length; i++) {
    chunks[i] = Math.tanh(observations[Math.floor(i / 16) * 6]) * ((i % 16) / 16);
  }
  return { count, observations, chunks };
}

/** A policy that has learnt nothing yet. */
export function tinyPolicy(
  objective: PolicySpec['objective'] = { kind: 'flow' },
  network: PolicySpec['network'] = TINY_SPEC.network,
): TrainedPolicy {
  const spec = { ...TINY_SPEC, objective, network };
  return {
    method: migrateMethod(spec),
    spec,
    ...DIMS,
    observationRange: { min: [-1, -2, 0], max: [1, 2, 0.5] },
    actionRange: { min: [-3, 0], max: [3, 0.08] },
    weights: createNetwork(spec, TINY_SHAPE).table.initialize(Random.of(8)),
  };
}
