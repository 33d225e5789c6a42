import type { NetworkSpec, ObjectiveSpec, PolicySpec } from './policy.ts';
import type { TrainingSpec } from './training.ts';

/**
 * The policies that are compared. The first three share network, data, budget and seeds and differ
 * in the objective alone; `lstm` is the regression with another network, `reflow` a flow that was
 * trained on another flow's own samples.
 */
export const POLICY_NAMES = ['l2', 'diffusion', 'flow', 'lstm', 'reflow'] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

/** How policies are called where people read. */
export const POLICY_TITLES: Readonly<Record<PolicyName, string>> = {
  l2: 'L2',
  diffusion: 'Diffusion',
  flow: 'Flow',
  lstm: 'LSTM',
  reflow: 'Reflow',
};

const OBJECTIVES: Readonly<Record<PolicyName, ObjectiveSpec>> = {
  l2: { kind: 'regression' },
  diffusion: { kind: 'diffusion', steps: 100, prediction: 'v' },
  flow: { kind: 'flow' },
  lstm: { kind: 'regression' },
  reflow: { kind: 'flow', coupling: 'reflow', time: 'start' },
};

export const PRESET_NAMES = ['quick', 'standard'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

interface Preset {
  readonly summary: string;
  readonly obsHorizon: number;
  readonly predHorizon: number;
  readonly network: NetworkSpec;
  /** Of the policy `lstm`: about as long a training step as the other network's. */
  readonly lstm: NetworkSpec;
  readonly training: Omit<TrainingSpec, 'seed'>;
}

export const PRESETS: Readonly<Record<PresetName, Preset>> = {
  quick: {
    summary: 'trains in minutes on two cores',
    obsHorizon: 2,
    predHorizon: 32,
    network: { kind: 'unet', channels: [32, 64], kernel: 5, groups: 8, embedding: 64 },
    lstm: { kind: 'lstm', hidden: 192, embedding: 64 },
    training: {
      steps: 6000,
      batch: 64,
      learningRate: 1e-3,
      warmupSteps: 200,
      weightDecay: 1e-6,
      clipNorm: 1,
      emaDecay: 0.995,
    },
  },
  standard: {
    summary: 'ten times the parameters; hours on two cores',
    obsHorizon: 2,
    predHorizon: 32,
    network: { kind: 'unet', channels: [64, 128, 256], kernel: 5, groups: 8, embedding: 128 },
    lstm: { kind: 'lstm', hidden: 400, embedding: 128 },
    training: {
      steps: 30_000,
      batch: 256,
      learningRate: 3e-4,
      warmupSteps: 500,
      weightDecay: 1e-6,
      clipNorm: 1,
      emaDecay: 0.999,
    },
  },
};

/** The policy a preset makes of a name, for a task and control rate. */
export function presetPolicy(
  preset: PresetName,
  name: PolicyName,
  { task, controlHz }: Pick<PolicySpec, 'task' | 'controlHz'>,
): PolicySpec {
  const { obsHorizon, predHorizon, network, lstm } = PRESETS[preset];
  return {
    task,
    controlHz,
    objective: OBJECTIVES[name],
    obsHorizon,
    predHorizon,
    network: name === 'lstm' ? lstm : network,
  };
}

/** Name of the policy that an objective and a network make. */
export function policyName({
  objective,
  network,
}: Pick<PolicySpec, 'objective' | 'network'>): PolicyName {
  switch (objective.kind) {
    case 'regression':
      return network.kind === 'lstm' ? 'lstm' : 'l2';
    case 'diffusion':
      return 'diffusion';
    case 'flow':
      return objective.coupling === 'reflow' ? 'reflow' : 'flow';
  }
}

/**
 * Ta where none is asked for: 1 s of each plan, at most the whole plan. Long enough that a plan
 * between the modes is carried out; replanning sooner lets a regression escape its own average.
 */
export function defaultActionHorizon({
  controlHz,
  predHorizon,
}: Pick<PolicySpec, 'controlHz' | 'predHorizon'>): number {
  return Math.min(predHorizon, controlHz);
}
