import type { Planner } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import {
  ACTION_DIM,
  createFrames,
  Episode,
  forwardKinematics,
  type InitialState,
  JOINT_COUNT,
  type Perturbation,
  type Rapier,
  type Task,
  type Vec3,
} from '../../sim/index.ts';
import type { ChunkSchedule } from '../protocol/chunk-schedule.ts';
import type { Chunking } from '../protocol/chunking.ts';
import { Actor, observeAll, setUpActors } from './actor.ts';
import {
  addDifference,
  type Motion,
  NO_MOTION,
  NO_SQUARES,
  type Smoothness,
  SmoothnessMeter,
  type Squares,
} from './motion.ts';

/** One attempt of a policy: where it starts and which noise it draws. */
export interface RolloutRequest {
  readonly initial: InitialState;
  /** Key of its noise; each chunk appends its number. */
  readonly noiseKey: readonly number[];
}

export interface RolloutResult {
  readonly success: boolean;
  readonly contact: boolean;
  readonly mode: string | null;
  /** Object that was up and between the fingers at the end. */
  readonly lifted: string | null;
  /** Control steps until success, or until success was out of reach. */
  readonly steps: number;
  /** What the first plan does at the obstacle. */
  readonly firstPlan: string | null;
  /** What each plan does there, in the order they were made; null where it ends before it. */
  readonly plans: readonly (string | null)[];
  /** Successive plans disagreed about the mode. */
  readonly switched: boolean;
  /** Disagreement of successive plans about the control step at which the later one begins, rad. */
  readonly seam: Squares;
  /** How far commanded joint targets move in a control step, rad. */
  readonly motion: Motion;
  /** Left out of results of earlier versions. */
  readonly smoothness?: Smoothness;
  /** Where the line is passed at which modes part; left out by earlier versions, and of tasks without one. */
  readonly offset?: Offset;
  /** Fingerprint of the raw poses of all control steps: who replays the rollout ends in the same. */
  readonly replayHash: string;
  /** Why the policy had no plan, which ended it; left out where it always had one. */
  readonly failure?: string;
}

/** m to the robot's left; null where the line is not reached. */
export interface Offset {
  /** By the first plan. */
  readonly plan: number | null;
  /** By the hand, when it passed last. */
  readonly hand: number | null;
}

/** A running attempt. */
class Rollout {
  readonly actor: Actor;
  readonly #noiseKey: readonly number[];
  readonly #schedule: ChunkSchedule;
  readonly #onStep: (episode: Episode) => void;
  readonly #plans: (string | null)[] = [];
  #planned: string | null = null;
  #switched = false;
  #command: Float32Array | null = null;
  #seam = NO_SQUARES;
  #motion = NO_MOTION;
  readonly #smoothness: SmoothnessMeter;
  #tcp: Vec3;
  #offset: Offset = { plan: null, hand: null };
  #failure: string | null = null;

  /** @param onStep called as it begins, and after each control step */
  constructor(
    actor: Actor,
    noiseKey: readonly number[],
    schedule: ChunkSchedule,
    onStep: (episode: Episode) => void,
  ) {
    this.actor = actor;
    this.#noiseKey = noiseKey;
    this.#schedule = schedule;
    this.#onStep = onStep;
    const { episode } = actor;
    this.#tcp = episode.tcp();
    this.#smoothness = new SmoothnessMeter(episode.observe().state, episode.controlHz);
    onStep(episode);
  }

  get ended(): boolean {
    return this.#failure !== null || this.actor.episode.decided;
  }

  /** The noise of its next chunk. */
  get stream(): Random {
    return Random.of(...this.#noiseKey, this.actor.plans);
  }

  /** Takes in the chunk it needed, [Tp, Da], and goes on until it needs another. */
  execute(chunk: Float32Array): void {
    this.#judge(chunk);
    this.actor.accept(chunk);
    while (!this.ended && !this.actor.needsPlan) this.#step();
  }

  /** Ends it, as there is no plan to go on with. */
  fail(reason: string): void {
    this.#failure = reason;
  }

  finish(): RolloutResult {
    const { progress, steps, hash, task } = this.actor.episode;
    const { success, contact, mode, lifted } = progress;
    return {
      success,
      contact,
      mode,
      lifted,
      steps,
      firstPlan: this.#plans[0] ?? null,
      plans: this.#plans,
      switched: this.#switched,
      seam: this.#seam,
      motion: this.#motion,
      smoothness: this.#smoothness.smoothness,
      ...(task.lateralOffset && { offset: this.#offset }),
      replayHash: hash,
      ...(this.#failure !== null && { failure: this.#failure }),
    };
  }

  #judge(chunk: Float32Array): void {
    const { episode, rest } = this.actor;
    const path = [episode.tcp(), ...tcpPath(chunk)];
    const plan = episode.task.classifyPath(path);
    if (this.#plans.length === 0) this.#pass('plan', path);
    this.#plans.push(plan);
    const decided = plan !== null && plan !== 'invalid';
    if (decided && this.#planned !== null && plan !== this.#planned) this.#switched = true;
    if (decided) this.#planned = plan;
    if (rest.length > 0) this.#seam = addDifference(this.#seam, chunk, rest);
  }

  /** Takes in where a path passes the line, where it does. */
  #pass(who: keyof Offset, path: readonly Vec3[]): void {
    const offset = this.actor.episode.task.lateralOffset?.(path) ?? null;
    if (offset !== null) this.#offset = { ...this.#offset, [who]: offset };
  }

  #watch(episode: Episode, seam: boolean): void {
    const before = this.#tcp;
    this.#tcp = episode.tcp();
    this.#pass('hand', [before, this.#tcp]);
    this.#smoothness.add(episode.observe().state, seam);
    this.#onStep(episode);
  }

  #step(): void {
    const t = this.actor.episode.steps;
    const last = this.#command;
    this.#command = this.actor.step();
    this.#watch(this.actor.episode, this.#schedule.isSeam(t));
    if (!last || this.#schedule.waitsAt(t)) return;
    const where = this.#schedule.isSeam(t) ? 'seams' : this.#schedule.isBeside(t) && 'beside';
    if (!where) return;
    const moved = addDifference(this.#motion[where], this.#command, last);
    this.#motion = { ...this.#motion, [where]: moved };
  }
}

/** Path of the TCP that a chunk of joint targets asks for, m; one point an action. */
export function tcpPath(chunk: Float32Array): Vec3[] {
  const frames = createFrames();
  const path: Vec3[] = [];
  for (let i = 0; i < chunk.length; i += ACTION_DIM) {
    const { tcpPosition } = forwardKinematics(chunk.subarray(i, i + JOINT_COUNT), frames);
    path.push([tcpPosition[0], tcpPosition[1], tcpPosition[2]]);
  }
  return path;
}

/**
 * Lets a policy act from many starts. Rollouts advance together and share one network call a
 * plan; each ends when it has succeeded, or when it no longer can, and the next takes its place.
 *
 * The batch keeps its size when there are no more, its last rows left empty: a row of a matrix
 * product may differ in its last bits with the number of rows.
 *
 * @param chunking     what the arm does while a plan is made. @default each plan is there at once
 * @param perturbation what is otherwise than where the policy was trained. @default nothing
 * @param onEnded called after each ended rollout
 * @param onStep   called as the rollout of a request begins, and after each of its control steps
 * @cost about 0.1 s a rollout of physics, plus the plans
 */
export async function rollOut(
  rapier: Rapier,
  task: Task,
  planner: Planner,
  requests: readonly RolloutRequest[],
  {
    actionHorizon,
    chunking,
    perturbation,
    onEnded = () => {},
    onStep = () => {},
  }: {
    actionHorizon: number;
    chunking?: Chunking | undefined;
    perturbation?: Perturbation | undefined;
    onEnded?: (result: RolloutResult) => void;
    onStep?: (request: number, episode: Episode) => void;
  },
): Promise<RolloutResult[]> {
  const { policy, batch } = planner;
  const chunkSize = policy.predHorizon * policy.actionDim;
  const setup = setUpActors(policy, { actionHorizon, chunking, perturbation });
  const results: RolloutResult[] = [];
  const begin = ({ initial, noiseKey }: RolloutRequest, index: number) => {
    const episode = Episode.create(rapier, task, initial, policy.controlHz);
    const actor = new Actor(episode, setup, index, noiseKey);
    const tell = (stepped: Episode) => onStep(index, stepped);
    return { index, rollout: new Rollout(actor, noiseKey, setup.schedule, tell) };
  };
  let begun = 0;
  let acting: { readonly index: number; readonly rollout: Rollout }[] = [];
  try {
    while (begun < requests.length || acting.length > 0) {
      for (; acting.length < batch && begun < requests.length; begun++) {
        acting.push(begin(requests[begun], begun));
      }
      const rollouts = acting.map(({ rollout }) => rollout);
      const actors = rollouts.map(({ actor }) => actor);
      const { observation, told } = observeAll(setup, actors, batch);
      const streams = rollouts.map(({ stream }) => stream);
      const { chunk, failures } = await planner.draw(observation, streams, told);
      rollouts.forEach((rollout, row) => {
        const failure = failures?.get(row);
        if (failure !== undefined) rollout.fail(failure);
        else rollout.execute(chunk.subarray(row * chunkSize, (row + 1) * chunkSize));
      });
      const ended = acting.filter(({ rollout }) => rollout.ended);
      acting = acting.filter(({ rollout }) => !rollout.ended);
      for (const { index, rollout } of ended) {
        results[index] = rollout.finish();
        rollout.actor.episode.free();
      }
      for (const { index } of ended) onEnded(results[index]);
    }
  } finally {
    for (const { rollout } of acting) rollout.actor.episode.free();
  }
  return results;
}
