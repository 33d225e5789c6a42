import { performance } from 'node:perf_hooks';
import type { SamplerSpec } from '../../policies/config/index.ts';
import type { Planner, Told } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import type { AttentionStep } from '../../policies/samplers/attention.ts';
import {
  ACTION_DIM,
  Episode,
  type InitialState,
  JOINT_COUNT,
  type Progress,
  type Rapier,
  type Task,
  type Vec3,
} from '../../sim/index.ts';
import { Actor, type ActorSetup, observeAll, setUpActors } from '../acting/actor.ts';
import { planAttention } from '../acting/attention-weights.ts';
import { tcpPath } from '../acting/rollout.ts';
import { type LaneFrame, modeIndex, type PlanAttention, packFan } from '../protocol/frames.ts';
import type { PolicySource } from '../protocol/stage.ts';

/** How long an episode goes on after it is decided, s: one sees the post being hit. */
const LINGER = 1;

/** A policy made ready to act and to show what else it might have done. */
export interface StagePolicy {
  readonly source: PolicySource;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: SamplerSpec | null;
  /** Compiled for single plans. */
  readonly planner: Planner;
  /** As `planner`, and keeps where it looks: the same plans to the bit. Null until that is asked for. */
  readonly lookingPlanner: Planner | null;
  /** Compiled for a batch of the fan's size. */
  readonly fanPlanner: Planner;
  readonly parameters: number;
  /** Scale of classifier-free guidance both were compiled with, w. */
  readonly guidance: number;
}

/** What a plan was made from: its futures are drawn from the same. */
interface Inference {
  /** [To, Do], physical units. */
  readonly observation: Float32Array;
  readonly told: Told;
  readonly noiseKey: readonly number[];
  /** Chunks planned before it. */
  readonly number: number;
  /** Control step. */
  readonly step: number;
  readonly tcp: Vec3;
  /** How long the plan took, ms. */
  readonly milliseconds: number;
  readonly attention: PlanAttention | null;
}

/** Noise of one of an inference's futures; the first is the one that is acted on. */
function streamOf(
  { noiseKey, number }: Pick<Inference, 'noiseKey' | 'number'>,
  future: number,
): Random {
  return Random.of(...noiseKey, future, number);
}

/** One policy's world within an episode. */
export class StageLane {
  readonly episode: Episode;
  readonly #policy: StagePolicy;
  readonly #index: number;
  readonly #setup: ActorSetup;
  readonly #actor: Actor;
  #inference: Inference | null = null;
  #lingered = 0;
  #outcome: Progress | null = null;

  constructor(
    rapier: Rapier,
    task: Task,
    initial: InitialState,
    policy: StagePolicy,
    { index, actionHorizon }: { index: number; actionHorizon: number },
  ) {
    const about = policy.planner.policy;
    this.episode = Episode.create(rapier, task, initial, about.controlHz);
    this.#policy = policy;
    this.#index = index;
    this.#setup = setUpActors(about, { actionHorizon });
    this.#actor = new Actor(this.episode, this.#setup);
  }

  /** What stood when the attempt was decided; null until then. */
  get outcome(): Progress | null {
    return this.#outcome;
  }

  get ended(): boolean {
    return this.#lingered >= LINGER * this.episode.controlHz;
  }

  get needsPlan(): boolean {
    return this.#actor.needsPlan;
  }

  /**
   * Draws the next chunk from what is seen now.
   *
   * @param key   of the episode's noise
   * @param looks keeps where it looks, where the policy has been prepared for that
   */
  async plan(key: readonly number[], looks: boolean): Promise<void> {
    const { lookingPlanner } = this.#policy;
    const planner = looks && lookingPlanner ? lookingPlanner : this.#policy.planner;
    const { observation, told } = observeAll(this.#setup, [this.#actor]);
    const inference = {
      observation: observation.slice(),
      told,
      noiseKey: key,
      number: this.#actor.plans,
      step: this.episode.steps,
      tcp: this.episode.tcp(),
    };
    const began = performance.now();
    const streams = [streamOf(inference, 0)];
    const { chunk, attention } = await planner.draw(observation, streams, told);
    const milliseconds = performance.now() - began;
    this.#actor.accept(chunk);
    this.#inference = { ...inference, milliseconds, attention: await this.#looked(attention) };
  }

  async #looked(attention: readonly AttentionStep[]): Promise<PlanAttention | null> {
    if (attention.length === 0) return null;
    const { planner } = this.#policy;
    const { tokens } = await planner.read(this.episode.instruction);
    return planAttention(planner.policy, attention, tokens.length);
  }

  /** What there is to see of it now. */
  frame(): LaneFrame {
    const { state } = this.episode.observe();
    const { contact, success, mode, lifted } = this.episode.progress;
    return {
      joints: state.subarray(0, JOINT_COUNT),
      opening: state[JOINT_COUNT],
      contact,
      success,
      ended: this.ended,
      mode: modeIndex(this.episode.task.modes, mode),
      lifted: lifted === null ? -1 : this.episode.task.objectNames.indexOf(lifted),
      objects: this.episode.objectPositions(),
    };
  }

  /** Whether the futures of the last plan are still to be drawn. */
  get owesFan(): boolean {
    return this.#inference !== null;
  }

  /**
   * What the policy might have done at its last plan; the first future is the one it acts on.
   *
   * @param episodeId is packed with it
   */
  async drawFan(episodeId: number): Promise<Float32Array | null> {
    const inference = this.#inference;
    if (!inference) return null;
    this.#inference = null;
    const { fanPlanner } = this.#policy;
    const { batch, nfe, policy } = fanPlanner;
    const size = inference.observation.length;
    const observation = new Float32Array(batch * size);
    for (let i = 0; i < batch; i++) observation.set(inference.observation, i * size);
    const streams = Array.from({ length: batch }, (_, i) => streamOf(inference, i));
    const { chunk } = await fanPlanner.draw(observation, streams, repeat(inference.told, batch));
    const chunkSize = policy.predHorizon * ACTION_DIM;
    const paths = streams.map((_, i) => {
      const path = tcpPath(chunk.subarray(i * chunkSize, (i + 1) * chunkSize));
      const { task } = this.episode;
      const mode = modeIndex(task.modes, task.classifyPath([inference.tcp, ...path]));
      return { mode, points: Float32Array.from(path.flat()) };
    });
    return packFan({
      lane: this.#index,
      episodeId,
      step: inference.step,
      nfe,
      milliseconds: inference.milliseconds,
      horizon: policy.predHorizon,
      paths,
      attention: inference.attention,
    });
  }

  step(): void {
    this.#actor.step();
    if (!this.episode.decided) return;
    this.#outcome ??= this.episode.progress;
    this.#lingered++;
  }
}

/** The same for every row of a batch. */
function repeat({ instructions = [], images }: Told, batch: number): Told {
  const rows = Array.from({ length: batch }, () => instructions[0] ?? '');
  if (!images) return { instructions: rows };
  const all = new Uint8Array(batch * images.length);
  for (let i = 0; i < batch; i++) all.set(images, i * images.length);
  return { instructions: rows, images: all };
}
