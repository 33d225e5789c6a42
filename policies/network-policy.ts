import { chooseSampler, nfeOf } from './config/choose-sampler.ts';
import { imageSize } from './config/condition-inputs.ts';
import { checkGuidance } from './config/guidance.ts';
import type { Engine } from './engine/index.ts';
import { NetworkPlanner } from './network-planner.ts';
import { createNetwork, networkShape } from './networks/create.ts';
import type { Planner, PlannerOptions, Policy, PolicyDescription } from './policy.ts';
import { compileSampler, type SamplerSetup } from './samplers/compile.ts';
import { inpaintingSteps } from './samplers/inpainting.ts';
import { createPlan } from './samplers/plan.ts';
import type { SamplerPlan } from './samplers/sampler.ts';
import type { PretrainedEncoder } from './text/encoder.ts';
import { Reader } from './text/reader.ts';
import { abilitiesOf, describe, drawnBy, type TrainedFacts } from './trained.ts';

/** A trained policy: what a checkpoint holds of it. */
export interface TrainedPolicy extends TrainedFacts {
  /** EMA weights, flat. */
  readonly weights: Float32Array;
}

/** A trained policy on an engine that runs its network. */
export class NetworkPolicy implements Policy {
  readonly trained: TrainedPolicy;
  readonly #engine: Engine;
  readonly #pretrained: PretrainedEncoder | undefined;

  /** @param pretrained for a policy that reads with an encoder from outside */
  constructor(engine: Engine, trained: TrainedPolicy, pretrained?: PretrainedEncoder) {
    this.trained = trained;
    this.#engine = engine;
    this.#pretrained = pretrained;
  }

  describe(): PolicyDescription {
    return describeTrained(this.trained);
  }

  /**
   * @throws SpecError for a sampler of other policies, for guidance of a policy that has not learnt to
   *         act without instruction, and for inpainting by a regression
   * @throws TextEncoderError without the pretrained encoder that the policy reads with
   * @cost 0.3 to 1 s: traces the sampler and builds its program
   */
  async prepare(
    batch: number,
    {
      sampler,
      guidance = 1,
      inpainting = false,
      attention = false,
      states = false,
      looped = false,
    }: PlannerOptions = {},
  ): Promise<Planner> {
    const { spec, observationDim, actionDim } = this.trained;
    const { condition, objective } = spec;
    checkGuidance(abilitiesOf(spec), guidance);
    const chosen = sampler ?? chooseSampler(objective);
    const plan = createPlan(objective, chosen);
    const reader = condition ? await Reader.create(condition.text, this.#pretrained) : null;
    const compiled = await compileSampler(this.#engine, {
      ...samplerSetup(this.trained, plan, { batch, reader, guidance }),
      ...(inpainting && { inpainting: inpaintingSteps(objective, plan) }),
      attention,
      states,
      ...(looped && { looped }),
      key: JSON.stringify([spec, observationDim, actionDim]),
    });
    return new NetworkPlanner(this.trained, {
      parameters: this.trained.weights.length,
      sampler: compiled,
      reader,
      nfe: nfeOf(chosen, objective, guidance),
    });
  }
}

/** What a checkpoint says of its policy. */
export function describeTrained({ weights, ...facts }: TrainedPolicy): PolicyDescription {
  return describe(facts, weights.length);
}

/**
 * What a policy makes of a plan of network evaluations.
 *
 * @param reader of a policy that reads
 */
export function samplerSetup(
  { spec, weights, ...dimensions }: Omit<TrainedPolicy, 'method'>,
  plan: SamplerPlan,
  { batch, reader, guidance }: { batch: number; reader: Reader | null; guidance: number },
): SamplerSetup {
  const shape = networkShape(spec, dimensions);
  return {
    network: createNetwork(spec, shape),
    weights,
    plan,
    batch,
    ...drawnBy({ spec, actionDim: shape.actionDim }),
    observationSize: shape.observationDim,
    textSize: reader ? reader.silence.length : 0,
    imageSize: spec.condition ? imageSize(spec.condition) : 0,
    ...(reader && { guidance: { scale: guidance, silence: reader.silence } }),
  };
}
