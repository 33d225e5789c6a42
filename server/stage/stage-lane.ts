import type { SamplerSpec } from '../../policies/config/index.ts';
import type { Planner } from '../../policies/policy.ts';
import type { AttentionStep } from '../../policies/samplers/attention.ts';
import {
  ACTION_DIM,
  Episode,
  type InitialState,
  JOINT_COUNT,
  type Perturbation,
  type Progress,
  type Rapier,
  type Task,
} from '../../sim/index.ts';
import { Actor, type ActorSetup, observeAll, setUpActors } from '../acting/actor.ts';
import { planAttention } from '../acting/attention-weights.ts';
import type { Chunking } from '../protocol/chunking.ts';
import type { Ending } from '../protocol/ending.ts';
import { type LaneFrame, modeIndex, type PlanAttention, packFan } from '../protocol/frames.ts';
import { isReplayable, type PolicySource } from '../protocol/sources.ts';
import { type DrawnPlan, drawPlans, planOf, plansAnswered } from './drawn-plans.ts';
import { type EpisodeNoise, type Inference, streamOf } from './inference.ts';
import { rest } from './rest.ts';

/** How long an episode continues after it is decided, s: long enough to see a post being hit. */
const LINGER = 1;

/** Control steps replayed without a pause: 15 ms. */
const STEPS_TOGETHER = 25;

/** A policy made ready to act and to show what else it might have done. */
export interface StagePolicy {
  readonly source: PolicySource;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: SamplerSpec | null;
  /** Compiled for single plans; its batch has further rows where an evaluation's are played. */
  readonly planner: Planner;
  /** As `planner`, and keeps where it looks: the same plans to the bit. Null until that is asked for. */
  readonly lookingPlanner: Planner | null;
  /** Compiled for a batch of the fan's size; `planner` itself where no other plans are shown. */
  readonly fanPlanner: Planner;
  readonly parameters: number;
  /** Scale of classifier-free guidance both were compiled with, w. */
  readonly guidance: number;
  /** Both draw plans that go on from known actions, as real-time chunking does. */
  readonly inpainting: boolean;
  /** Both are one step's program, looped. */
  readonly looped: boolean;
}

/** How a policy acts on a stage. */
export interface LaneOptions {
  /** Place among the lanes. */
  readonly index: number;
  /** Ta, control steps. */
  readonly actionHorizon: number;
  /** What its arm does while a plan is made. @default each plan is there at once */
  readonly chunking?: Chunking | undefined;
  /** What is otherwise than where it was trained. @default nothing */
  readonly perturbation?: Perturbation | undefined;
  /** What perturbations draw from. */
  readonly noiseKey?: readonly number[];
}

/** A plan whose futures are still to be drawn. */
interface OwedFan {
  /** [Tp, Da], which acts */
  readonly chunk: Float32Array;
  readonly inference: Inference;
  /** How long the plan took, ms. */
  readonly milliseconds: number;
  readonly attention: PlanAttention | null;
  /** Of a policy that is asked elsewhere; null until they are there. @default drawn here */
  futures?: readonly DrawnPlan[] | null;
}

/** One policy's world within an episode. */
export class StageLane {
  readonly episode: Episode;
  readonly #policy: StagePolicy;
  readonly #index: number;
  readonly #setup: ActorSetup;
  readonly #actor: Actor;
  #owed: OwedFan | null = null;
  /** A plan that is being asked for elsewhere. */
  #asked: Promise<Inference | null> | null = null;
  /** Whether further plans are being asked for elsewhere, or came too late to be shown. */
  #others: 'none' | 'asked' | 'late' = 'none';
  #trouble: string | null = null;
  #lingered = 0;
  /** Control steps of the episode less those of the stage, which holds still while a person acts. */
  #ahead = 0;
  #assisted = false;
  /** Plans of this view before a person took over. */
  #plansBefore = 0;
  #outcome: Progress | null = null;
  #ending: Ending | null = null;

  constructor(
    rapier: Rapier,
    task: Task,
    initial: InitialState,
    policy: StagePolicy,
    { index, actionHorizon, chunking, perturbation, noiseKey }: LaneOptions,
  ) {
    const about = policy.planner.policy;
    this.episode = Episode.create(rapier, task, initial, about.controlHz);
    this.#policy = policy;
    this.#index = index;
    this.#setup = setUpActors(about, { actionHorizon, chunking, perturbation });
    this.#actor = new Actor(this.episode, this.#setup, 0, noiseKey);
  }

  /** What stood when the attempt was decided; null until then. */
  get outcome(): Progress | null {
    return this.#outcome;
  }

  /** In what the attempt ended when it was decided; null until then. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** Why its policy had no plan, which ended the attempt; null where it always had one. */
  get trouble(): string | null {
    return this.#trouble;
  }

  get ended(): boolean {
    return this.#trouble !== null || this.#lingered >= LINGER * this.episode.controlHz;
  }

  /** The stage's control step. */
  get step(): number {
    return this.episode.steps - this.#ahead;
  }

  /** A person has taken over: what comes of it is not the policy's merit alone. */
  get assisted(): boolean {
    return this.#assisted;
  }

  /**
   * Replays what was commanded in this view, a person's part included, and lets the policy act from
   * there.
   *
   * @param commands f32 [T, 8]
   * @param step     of the stage at which that is
   * @param plans    made in this view before
   * @param pause    awaited between parts of it
   * @throws SimError for commands that are no numbers; PhysicsDivergedError
   */
  async follow(
    commands: Float32Array,
    { step, plans, pause }: { step: number; plans: number; pause: () => Promise<void> },
  ): Promise<void> {
    for (let t = 0; t * ACTION_DIM < commands.length; t++) {
      this.#actor.follow(commands.subarray(t * ACTION_DIM, (t + 1) * ACTION_DIM));
      if (t % STEPS_TOGETHER === STEPS_TOGETHER - 1) await pause();
    }
    this.#ahead = this.episode.steps - step;
    this.#plansBefore = plans;
    this.#assisted = true;
  }

  get needsPlan(): boolean {
    return this.#actor.needsPlan;
  }

  /**
   * Draws the next chunk from what is seen now.
   *
   * @param noise    of the episode
   * @param looks    keeps where it looks, where the policy has been prepared for that
   * @param patience how long to wait for a policy that is asked elsewhere, ms: the others go on then, and
   *                 this one holds still until its plan is there
   * @returns what it was made from; null while there is no plan
   */
  async plan(noise: EpisodeNoise, looks: boolean, patience: number): Promise<Inference | null> {
    if (isReplayable(this.#policy.source)) return this.#draw(noise, looks);
    this.#asked ??= this.#draw(noise, looks).catch((error: unknown) => {
      this.#trouble = error instanceof Error ? error.message : String(error);
      return null;
    });
    const inference = await Promise.race([this.#asked, rest(patience).then(() => undefined)]);
    if (inference === undefined) return null;
    this.#asked = null;
    return inference;
  }

  async #draw(noise: EpisodeNoise, looks: boolean): Promise<Inference | null> {
    const { lookingPlanner } = this.#policy;
    const planner = looks && lookingPlanner ? lookingPlanner : this.#policy.planner;
    const { observation, told } = observeAll(this.#setup, [this.#actor]);
    const inference: Inference = {
      observation: observation.slice(),
      told,
      ...noise,
      number: this.#plansBefore + this.#actor.plans,
      step: this.step,
      tcp: this.episode.tcp(),
      pose: Float32Array.from(this.episode.observe().state),
    };
    const began = performance.now();
    const streams = [streamOf(inference, 0)];
    const rows =
      planner.batch === 1
        ? { observation, told }
        : observeAll(this.#setup, [this.#actor], planner.batch);
    const {
      chunk: rowsOfChunks,
      attention,
      failures,
    } = await planner.draw(rows.observation, streams, rows.told);
    const milliseconds = performance.now() - began;
    const failure = failures?.get(0);
    if (failure !== undefined) {
      this.#trouble = failure;
      return null;
    }
    const { predHorizon } = planner.policy;
    const chunk = rowsOfChunks.subarray(0, predHorizon * ACTION_DIM);
    this.#actor.accept(chunk);
    const owed: OwedFan = {
      ...{ chunk, inference, milliseconds },
      attention: await this.#looked(attention),
      ...(!isReplayable(this.#policy.source) && { futures: null }),
    };
    this.#owed = owed;
    if (owed.futures === null) void this.#askForOthers(owed);
    return inference;
  }

  /**
   * Asks a policy elsewhere what else it might have done, on a line of its own, so that the plans that act
   * wait for one request at most. Where the answer comes after the next plan it is asked no more.
   */
  async #askForOthers(owed: OwedFan): Promise<void> {
    const { task } = this.episode;
    const { planner, fanPlanner } = this.#policy;
    const acting = planOf(task, owed.inference, owed.chunk);
    if (fanPlanner === planner || this.#others !== 'none') {
      if (this.#others === 'asked') this.#others = 'late';
      owed.futures = [acting];
      return;
    }
    this.#others = 'asked';
    const streams = Array.from({ length: fanPlanner.batch - 1 }, (_, i) =>
      streamOf(owed.inference, i + 1),
    );
    // It acts all the same: what is wrong shows at its next plan.
    const others = await plansAnswered(task, owed.inference, fanPlanner, streams).catch(() => []);
    owed.futures = [acting, ...others];
    if (this.#others === 'asked') this.#others = 'none';
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
    // Of a plan that nobody has taken in yet nothing is shown: who sees it may ask about its moment.
    return this.#asked === null && this.#owed !== null && this.#owed.futures !== null;
  }

  /**
   * What the policy might have done at its last plan; the first future is the one it acts on.
   *
   * @param episodeId is packed with it
   */
  async drawFan(episodeId: number): Promise<Float32Array | null> {
    if (!this.#owed) return null;
    const { inference, milliseconds, attention, futures } = this.#owed;
    this.#owed = null;
    const { fanPlanner } = this.#policy;
    const { batch, nfe, policy } = fanPlanner;
    const streams = Array.from({ length: batch }, (_, i) => streamOf(inference, i));
    const plans = futures ?? (await drawPlans(this.episode.task, inference, fanPlanner, streams));
    return packFan({
      lane: this.#index,
      episodeId,
      step: inference.step,
      nfe,
      milliseconds,
      horizon: policy.predHorizon,
      paths: plans.map(({ mode, path }) => ({ mode, points: path })),
      chunk: plans[0].chunk,
      attention,
    });
  }

  /** @returns the command, [8] */
  advance(): Float32Array {
    // A plan that is asked for elsewhere may not be there yet.
    const command = this.needsPlan ? this.#actor.wait() : this.#actor.step();
    // A person's time is not the policy's.
    if (this.episode.decidedAfter(this.step)) {
      const { progress, steps, hash } = this.episode;
      this.#outcome ??= progress;
      this.#ending ??= { steps, hash, assisted: this.#assisted };
      this.#lingered++;
    }
    return command;
  }
}
