import type { PolicySpec } from '../config/index.ts';
import type { Engine } from '../engine/index.ts';
import { abilitiesOf, notFinite, refuseReading, refuseTold } from '../numbers-only.ts';
import type {
  DrawnChunks,
  Planner,
  PlannerOptions,
  Policy,
  PolicyDescription,
  Told,
} from '../policy.ts';
import type { NoiseStream } from '../random.ts';
import { refuseOptions } from '../refuse-options.ts';
import type { LeRobotCheckpoint } from './checkpoint.ts';
import { applyAffine } from './normalization.ts';
import { LeRobotSampler } from './sampler.ts';

/** In what a policy acts; its checkpoint need not say. */
export type ActingIn = Pick<PolicySpec, 'task' | 'controlHz'>;

/** A diffusion policy that LeRobot trained, its network rebuilt and run by one of the engines. */
export class LeRobotPolicy implements Policy {
  readonly #engine: Engine;
  readonly #checkpoint: LeRobotCheckpoint;
  readonly #about: PolicyDescription;

  constructor(engine: Engine, checkpoint: LeRobotCheckpoint, actingIn: ActingIn) {
    this.#engine = engine;
    this.#checkpoint = checkpoint;
    this.#about = describeLeRobot(checkpoint, actingIn);
  }

  describe(): PolicyDescription {
    return this.#about;
  }

  /** @throws SpecError for what its own settings decide, or what it cannot do */
  async prepare(batch: number, options: PlannerOptions = {}): Promise<Planner> {
    refuseOptions(options, "a policy of LeRobot's");
    const sampler = await LeRobotSampler.create(this.#engine, this.#checkpoint, batch);
    return new LeRobotPlanner(this.#about, this.#checkpoint, sampler);
  }
}

/** What a checkpoint says of its policy. */
export function describeLeRobot(
  { config, weights }: LeRobotCheckpoint,
  { task, controlHz }: ActingIn,
): PolicyDescription {
  return {
    name: 'lerobot',
    task,
    controlHz,
    objective: null,
    evaluations: config.noise.steps,
    abilities: abilitiesOf(true),
    obsHorizon: config.obsHorizon,
    // The first row of a chunk stands beside the first of the observations, the last of which is now.
    predHorizon: config.horizon - (config.obsHorizon - 1),
    observationDim: config.stateDim + config.environmentDim,
    actionDim: config.network.actionDim,
    parameters: weights.length,
  };
}

class LeRobotPlanner implements Planner {
  readonly policy: PolicyDescription;
  readonly #checkpoint: LeRobotCheckpoint;
  readonly #sampler: LeRobotSampler;

  constructor(policy: PolicyDescription, checkpoint: LeRobotCheckpoint, sampler: LeRobotSampler) {
    this.policy = policy;
    this.#checkpoint = checkpoint;
    this.#sampler = sampler;
  }

  get batch(): number {
    return this.#sampler.batch;
  }

  get nfe(): number {
    return this.#sampler.steps.length;
  }

  async draw(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    told: Told = {},
  ): Promise<DrawnChunks> {
    refuseTold(told);
    const { normalizing } = this.#checkpoint;
    const began = performance.now();
    applyAffine(normalizing.observation, observation);
    const normalized = performance.now();
    const drawn = await this.#sampler.draw(observation, streams);
    const ended = performance.now();
    const chunk = applyAffine(normalizing.action, this.#fromNow(drawn));
    return {
      chunk,
      attention: [],
      states: [],
      times: {
        normalize: normalized - began,
        network: ended - normalized,
        denormalize: performance.now() - ended,
      },
      failures: notFinite(chunk, this.batch),
    };
  }

  async read(instruction: string): Promise<never> {
    return refuseReading(instruction);
  }

  dispose(): Promise<void> {
    return this.#sampler.dispose();
  }

  /** [B, horizon, Da] without the rows that lie in the past, [B, Tp, Da]. */
  #fromNow(drawn: Float32Array): Float32Array {
    const { predHorizon, actionDim } = this.policy;
    const { horizon } = this.#checkpoint.config;
    const chunk = new Float32Array(this.batch * predHorizon * actionDim);
    for (let row = 0; row < this.batch; row++) {
      const from = (row * horizon + horizon - predHorizon) * actionDim;
      chunk.set(
        drawn.subarray(from, (row + 1) * horizon * actionDim),
        row * predHorizon * actionDim,
      );
    }
    return chunk;
  }
}
