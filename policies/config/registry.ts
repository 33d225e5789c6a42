import { METHODS, type Method, type MethodName } from '../methods/index.ts';
import { type NfeRange, nfeRange } from './choose-sampler.ts';
import type { PolicySpec } from './policy.ts';
import { PRESET_NAMES, PRESETS, type PresetName } from './presets.ts';
import type { SamplerKind } from './sampler.ts';

/** What a policy may read besides the numbers it observes. */
export const CONDITION_KINDS = ['none', 'text', 'text+image'] as const;
export type ConditionKind = (typeof CONDITION_KINDS)[number];

/** A method with everything it may be combined with; any other combination is refused. */
export interface RegisteredPolicy
  extends Pick<Method, 'title' | 'learns' | 'objective' | 'network'> {
  readonly name: MethodName;
  /** How its chunks can be drawn, the default first. */
  readonly samplers: readonly { readonly kind: SamplerKind; readonly nfe: NfeRange }[];
  readonly conditions: readonly ConditionKind[];
  /** Those that can train it. */
  readonly presets: readonly PresetName[];
}

/** Every valid combination of method, sampler and condition. */
export const REGISTRY: readonly RegisteredPolicy[] = METHODS.map((method) => {
  const { name, title, learns, objective, network, samplers, reading } = method;
  const conditions: readonly ConditionKind[] = 'unable' in reading ? ['none'] : CONDITION_KINDS;
  return {
    name,
    title,
    learns,
    objective,
    network,
    samplers: samplers.map((kind) => ({ kind, nfe: nfeRange(objective, kind) })),
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
