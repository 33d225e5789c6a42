import type { Engine } from './engine/index.ts';
import { createNetwork, networkShape } from './networks/create.ts';
import { Normalizer, type Range } from './normalizer.ts';
import type { Random } from './random.ts';
import { type CompiledSampler, compileSampler } from './samplers/compile.ts';
import type { SamplerPlan } from './samplers/sampler.ts';
import type { PolicySpec } from './spec/policy.ts';

/** A trained policy: what a checkpoint holds of it. */
export interface TrainedPolicy {
  readonly spec: PolicySpec;
  /** Components of one control step's observation, Do, and of an action, Da. */
  readonly observationDim: number;
  readonly actionDim: number;
  readonly observationRange: Range;
  readonly actionRange: Range;
  /** EMA weights, flat. */
  readonly weights: Float32Array;
}

/** What one call of a planner took, ms. */
export interface DrawTimes {
  readonly normalize: number;
  /** All network evaluations, the drawing of noise included. */
  readonly network: number;
  readonly denormalize: number;
}

/** A policy with a sampler, compiled for batches of one size. */
export class Planner {
  readonly policy: TrainedPolicy;
  readonly plan: SamplerPlan;
  readonly batch: number;
  readonly #sampler: CompiledSampler;
  readonly #observation: Normalizer;
  readonly #action: Normalizer;

  private constructor(policy: TrainedPolicy, plan: SamplerPlan, sampler: CompiledSampler) {
    this.policy = policy;
    this.plan = plan;
    this.batch = sampler.batch;
    this.#sampler = sampler;
    this.#observation = new Normalizer(policy.observationRange);
    this.#action = new Normalizer(policy.actionRange);
  }

  /** @cost 0.3 to 1 s: traces the sampler and builds its program */
  static async create(
    engine: Engine,
    policy: TrainedPolicy,
    plan: SamplerPlan,
    batch: number,
  ): Promise<Planner> {
    const shape = networkShape(policy.spec, policy);
    const sampler = await compileSampler(engine, {
      network: createNetwork(policy.spec, shape),
      weights: policy.weights,
      plan,
      batch,
      chunk: [shape.horizon, shape.actionDim],
      observationSize: shape.observationDim,
      // A regression was trained on blank noise: its answer must not depend on any.
      noisy: policy.spec.objective.kind !== 'regression',
      key: JSON.stringify([policy.spec, policy.observationDim, policy.actionDim]),
    });
    return new Planner(policy, plan, sampler);
  }

  /**
   * Draws a chunk a row.
   *
   * @param observation [B, To, Do], physical units, oldest first; overwritten
   * @param streams     the rows' own noise, so that a row does not depend on the others; rows
   *                    beyond the last stream start from zero
   * @returns           [B, Tp, Da], rad and m
   */
  async draw(observation: Float32Array, streams: readonly Random[]): Promise<Float32Array> {
    return (await this.drawTimed(observation, streams)).chunk;
  }

  /** The same, with the time each stage took. */
  async drawTimed(
    observation: Float32Array,
    streams: readonly Random[],
  ): Promise<{ chunk: Float32Array; times: DrawTimes }> {
    const began = performance.now();
    this.#observation.normalize(observation);
    const normalized = performance.now();
    const chunk = await this.#sampler.draw(observation, streams);
    const drawn = performance.now();
    this.#action.denormalize(chunk);
    const times = {
      normalize: normalized - began,
      network: drawn - normalized,
      denormalize: performance.now() - drawn,
    };
    return { chunk, times };
  }

  async dispose(): Promise<void> {
    await this.#sampler.dispose();
  }
}
