import { type NfeRange, nfeRange, SAMPLERS, usualSampler } from './choose-sampler.ts';
import type { NetworkSpec, ObjectiveSpec, PolicySpec } from './policy.ts';
import {
  OBJECTIVES,
  POLICY_NAMES,
  POLICY_TITLES,
  type PolicyName,
  PRESET_NAMES,
  PRESETS,
  type PresetName,
  UNREADING,
} from './presets.ts';
import type { SamplerKind } from './sampler.ts';

/** What a policy may read besides the numbers it observes. */
export const CONDITION_KINDS = ['none', 'text', 'text+image'] as const;
export type ConditionKind = (typeof CONDITION_KINDS)[number];

/** A policy with everything it may be combined with; any other combination is refused. */
export interface RegisteredPolicy {
  readonly name: PolicyName;
  /** As people call it. */
  readonly title: string;
  /** What its network is asked for, in a few words. */
  readonly learns: string;
  readonly objective: ObjectiveSpec;
  readonly network: NetworkSpec['kind'];
  /** How its chunks can be drawn, the default first. */
  readonly samplers: readonly { readonly kind: SamplerKind; readonly nfe: NfeRange }[];
  readonly conditions: readonly ConditionKind[];
  /** Those that can train it. */
  readonly presets: readonly PresetName[];
}

const LEARNS: Readonly<Record<PolicyName, string>> = {
  l2: 'the chunk itself, ‖a − f(o)‖²',
  diffusion: 'how a noised chunk is denoised (v, or ε)',
  flow: 'the velocity from noise to data',
  lstm: 'the same as l2, with an LSTM in the U-Net’s place',
  reflow: 'the straight lines between a flow’s noise and its chunks',
};

/** Every valid combination of policy, objective, sampler and condition, in one place. */
export const REGISTRY: readonly RegisteredPolicy[] = POLICY_NAMES.map((name) => {
  const objective = OBJECTIVES[name];
  const usual = usualSampler(objective);
  const kinds = [usual, ...SAMPLERS[objective.kind].filter((kind) => kind !== usual)];
  const conditions: readonly ConditionKind[] = name in UNREADING ? ['none'] : CONDITION_KINDS;
  return {
    name,
    title: POLICY_TITLES[name],
    learns: LEARNS[name],
    objective,
    network: name === 'lstm' ? 'lstm' : 'unet',
    samplers: kinds.map((kind) => ({ kind, nfe: nfeRange(objective, kind) })),
    conditions,
    presets: PRESET_NAMES.filter(
      (preset) => !PRESETS[preset].image || conditions.includes('text+image'),
    ),
  };
});

/** What a policy reads. */
export function conditionKind({ condition }: Pick<PolicySpec, 'condition'>): ConditionKind {
  if (!condition) return 'none';
  return condition.image ? 'text+image' : 'text';
}
