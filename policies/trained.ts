import { canBeGuided } from './config/guidance.ts';
import type { PolicySpec } from './config/policy.ts';
import { type MethodName, pathOf } from './methods/index.ts';
import type { Range } from './normalizer.ts';
import type { Abilities, PolicyDescription } from './policy.ts';

/** What is to be known of a trained policy besides its weights. */
export interface TrainedFacts {
  /** What it was trained by. */
  readonly method: MethodName;
  readonly spec: PolicySpec;
  /** Components of one control step's observation, Do, and of an action, Da. */
  readonly observationDim: number;
  readonly actionDim: number;
  readonly observationRange: Range;
  readonly actionRange: Range;
}

/** @param parameters learnt numbers */
export function describe(
  { method, spec, observationDim, actionDim }: TrainedFacts,
  parameters: number,
): PolicyDescription {
  const { network: _, ...described } = spec;
  const abilities = abilitiesOf(spec);
  return { ...described, name: method, abilities, observationDim, actionDim, parameters };
}

/** What the samplers of a policy draw. */
export function drawnBy({
  spec,
  actionDim,
}: {
  readonly spec: Pick<PolicySpec, 'objective' | 'predHorizon'>;
  readonly actionDim: number;
}) {
  return {
    /** Tp and Da. */
    chunk: [spec.predHorizon, actionDim] as const,
    // A regression was trained on blank noise: its answer must not depend on any.
    noisy: pathOf(spec.objective) !== null,
  };
}

/** What a policy of such a spec can be asked for. */
export function abilitiesOf({
  objective,
  condition,
}: Pick<PolicySpec, 'objective' | 'condition'>): Abilities {
  const noise = pathOf(objective) !== null;
  return {
    noise,
    instructions: condition !== undefined,
    picture: condition?.image?.size ?? null,
    guidance: canBeGuided(condition),
    inpainting: noise,
  };
}
