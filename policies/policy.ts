import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { Engine, Program, TensorFunction } from './engine/index.ts';
import { createUNet, type UNetConfig } from './networks/unet.ts';
import { Normalizer, type Range } from './normalizer.ts';
import { type SamplerPlan, unroll } from './samplers/sampler.ts';
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

export function unetConfig(
  { obsHorizon, predHorizon, network }: PolicySpec,
  { observationDim, actionDim }: { observationDim: number; actionDim: number },
): UNetConfig {
  return {
    horizon: predHorizon,
    actionDim,
    observationDim: obsHorizon * observationDim,
    channels: network.channels,
    kernel: network.kernel,
    groups: network.groups,
    embedding: network.embedding,
  };
}

/** A policy with a sampler, compiled for batches of one size. */
export class Planner {
  readonly policy: TrainedPolicy;
  readonly plan: SamplerPlan;
  readonly batch: number;
  readonly #program: Program;
  readonly #observation: Normalizer;
  readonly #action: Normalizer;

  private constructor(policy: TrainedPolicy, plan: SamplerPlan, batch: number, program: Program) {
    this.policy = policy;
    this.plan = plan;
    this.batch = batch;
    this.#program = program;
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
    const config = unetConfig(policy.spec, policy);
    const network = createUNet(config);
    const chunk = [batch, config.horizon, config.actionDim];
    const stochastic = plan.some(({ next }) => next.noise > 0);
    const draw: TensorFunction = function draw(inputs) {
      const parameters = network.table.unpack(tf.tensor1d(policy.weights));
      const fresh = stochastic
        ? tf.unstack(inputs.fresh as tf.Tensor4D).map((z) => z as Tensor3D)
        : [];
      // A regression was trained on blank noise: its answer must not depend on any.
      const noise = (
        policy.spec.objective.kind === 'regression' ? tf.zerosLike(inputs.noise) : inputs.noise
      ) as Tensor3D;
      const observation = inputs.observation as Tensor2D;
      return { chunk: unroll(network, parameters, plan, { noise, observation, fresh }) };
    };
    const program = await engine.compile(draw, [
      { name: 'noise', shape: chunk },
      { name: 'observation', shape: [batch, config.observationDim] },
      ...(stochastic ? [{ name: 'fresh', shape: [plan.length, ...chunk] }] : []),
    ]);
    return new Planner(policy, plan, batch, program);
  }

  /**
   * @param observation [B, To, Do], physical units, oldest first; overwritten
   * @param noise       [B, Tp, Da], standard normal
   * @returns           [B, Tp, Da], rad and m
   */
  async draw(observation: Float32Array, noise: Float32Array): Promise<Float32Array> {
    return (await this.drawTimed(observation, noise)).chunk;
  }

  /** The same, with the time each stage took, ms. */
  async drawTimed(
    observation: Float32Array,
    noise: Float32Array,
  ): Promise<{ chunk: Float32Array; normalize: number; network: number; denormalize: number }> {
    const began = performance.now();
    this.#observation.normalize(observation);
    const normalized = performance.now();
    const { chunk } = await this.#program.run({ observation, noise });
    const drawn = performance.now();
    this.#action.denormalize(chunk);
    return {
      chunk,
      normalize: normalized - began,
      network: drawn - normalized,
      denormalize: performance.now() - drawn,
    };
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
  }
}
