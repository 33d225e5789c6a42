import type { Planner } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import { type KnownActions, prefixWeights } from '../../policies/samplers/inpainting.ts';
import {
  ACTION_DIM,
  createFrames,
  Episode,
  forwardKinematics,
  type InitialState,
  JOINT_COUNT,
  type Rapier,
  type Task,
  type Vec3,
} from '../../sim/index.ts';
import type { Chunking } from '../protocol/chunking.ts';
import { ChunkSchedule } from './chunk-schedule.ts';
import { eyeOf, toldOf } from './eye.ts';
import { addDifference, type Motion, NO_MOTION, NO_SQUARES, type Squares } from './motion.ts';
import { ObservationHistory } from './observation-history.ts';

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
  /** Successive plans disagreed about the mode. */
  readonly switched: boolean;
  /** Disagreement of successive plans about the control step at which the later one begins, rad. */
  readonly seam: Squares;
  /** How far commanded joint targets move in a control step, rad. */
  readonly motion: Motion;
}

/** Each plan is there at once. */
const PROMPT: Chunking = { scheme: 'synchronous', delay: 0 };

/** A running attempt. */
class Rollout {
  readonly episode: Episode;
  readonly #noiseKey: readonly number[];
  readonly #schedule: ChunkSchedule;
  readonly #history: ObservationHistory;
  /** [Tp, Da] each, in the order they were asked for. */
  readonly #chunks: Float32Array[] = [];
  #planned: string | null = null;
  #firstPlan: string | null = null;
  #switched = false;
  #command: Float32Array | null = null;
  #seam = NO_SQUARES;
  #motion = NO_MOTION;

  constructor(
    episode: Episode,
    noiseKey: readonly number[],
    { obsHorizon, schedule }: { obsHorizon: number; schedule: ChunkSchedule },
  ) {
    this.episode = episode;
    this.#noiseKey = noiseKey;
    this.#schedule = schedule;
    this.#history = new ObservationHistory(obsHorizon);
  }

  /**
   * Writes what the policy sees, [To, Do].
   *
   * @returns the noise of its next chunk
   */
  prepare(observation: Float32Array): Random {
    this.#history.observe(this.episode);
    this.#history.write(observation);
    return Random.of(...this.#noiseKey, this.#chunks.length);
  }

  /** What the last chunk has left where the next one begins, [≤ Tp, Da]; nothing before the first. */
  get rest(): Float32Array {
    return this.#chunks.at(-1)?.subarray(this.#schedule.stride * ACTION_DIM) ?? new Float32Array(0);
  }

  /** Takes in the chunk it asked for, [Tp, Da], and goes on until it asks for another. */
  execute(chunk: Float32Array): void {
    this.#judge(chunk);
    const asked = this.#schedule.askedAt(this.#chunks.length);
    this.#chunks.push(chunk);
    const until = this.#schedule.askedAt(this.#chunks.length);
    for (let t = asked; t < until && !this.episode.decided; t++) {
      if (t > asked) this.#history.observe(this.episode);
      this.episode.step(this.#commandAt(t));
    }
  }

  finish(): RolloutResult {
    const { success, contact, mode, lifted } = this.episode.progress;
    return {
      success,
      contact,
      mode,
      lifted,
      steps: this.episode.steps,
      firstPlan: this.#firstPlan,
      switched: this.#switched,
      seam: this.#seam,
      motion: this.#motion,
    };
  }

  #judge(chunk: Float32Array): void {
    const { task } = this.episode;
    const plan = task.classifyPath([this.episode.tcp(), ...tcpPath(chunk)]);
    if (this.#chunks.length === 0) this.#firstPlan = plan;
    const decided = plan !== null && plan !== 'invalid';
    if (decided && this.#planned !== null && plan !== this.#planned) this.#switched = true;
    if (decided) this.#planned = plan;
    const expected = this.rest;
    if (expected.length > 0) this.#seam = addDifference(this.#seam, chunk, expected);
  }

  /** What the chunks say for a control step, or again the last command where the arm waits. */
  #commandAt(t: number): Float32Array {
    const last = this.#command;
    const rows = this.#schedule.acting(t).map(({ plan, row, weight }) => {
      const action = this.#chunks[plan].subarray(row * ACTION_DIM, (row + 1) * ACTION_DIM);
      return { action, weight };
    });
    if (rows.length === 0 && last) return last;
    const command = rows.length === 1 ? rows[0].action : weightedMean(rows);
    if (last) {
      const where = this.#schedule.isSeam(t) ? 'seams' : this.#schedule.isBeside(t) && 'beside';
      if (where) {
        const moved = addDifference(this.#motion[where], command, last);
        this.#motion = { ...this.#motion, [where]: moved };
      }
    }
    this.#command = command;
    return command;
  }
}

/** Sum of weight · action, [Da]. */
function weightedMean(
  rows: readonly { readonly action: Float32Array; readonly weight: number }[],
): Float32Array {
  return Float32Array.from({ length: ACTION_DIM }, (_, i) =>
    rows.reduce((sum, { action, weight }) => sum + weight * action[i], 0),
  );
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
 * @param chunking what the arm does while a plan is made. @default each plan is there at once
 * @param onEnded called after each ended rollout
 * @cost about 0.1 s a rollout of physics, plus the plans
 */
export async function rollOut(
  rapier: Rapier,
  task: Task,
  planner: Planner,
  requests: readonly RolloutRequest[],
  {
    actionHorizon,
    chunking = PROMPT,
    onEnded = () => {},
  }: {
    actionHorizon: number;
    chunking?: Chunking;
    onEnded?: (result: RolloutResult) => void;
  },
): Promise<RolloutResult[]> {
  const { policy } = planner;
  const { controlHz, obsHorizon, predHorizon, observationDim, actionDim } = policy;
  const { batch } = planner;
  const observationSize = obsHorizon * observationDim;
  const chunkSize = predHorizon * actionDim;
  const schedule = new ChunkSchedule(chunking, { actionHorizon, predHorizon });
  const eye = eyeOf(policy);
  const results: RolloutResult[] = [];
  const begin = ({ initial, noiseKey }: RolloutRequest, index: number) => {
    const episode = Episode.create(rapier, task, initial, controlHz);
    return {
      index,
      rollout: new Rollout(episode, noiseKey, { obsHorizon, schedule }),
    };
  };
  let begun = 0;
  let acting: { readonly index: number; readonly rollout: Rollout }[] = [];
  try {
    while (begun < requests.length || acting.length > 0) {
      for (; acting.length < batch && begun < requests.length; begun++) {
        acting.push(begin(requests[begun], begun));
      }
      const rollouts = acting.map(({ rollout }) => rollout);
      const observation = new Float32Array(batch * observationSize);
      const streams = rollouts.map((rollout, row) =>
        rollout.prepare(observation.subarray(row * observationSize, (row + 1) * observationSize)),
      );
      const told = toldOf(
        eye,
        rollouts.map(({ episode }) => episode),
        batch,
      );
      const known = chunking.scheme === 'real-time' ? knownTo(rollouts, planner, schedule) : null;
      const { chunk } = await planner.draw(observation, streams, {
        ...told,
        ...(known && { known }),
      });
      rollouts.forEach((rollout, row) => {
        rollout.execute(chunk.subarray(row * chunkSize, (row + 1) * chunkSize));
      });
      const ended = acting.filter(({ rollout }) => rollout.episode.decided);
      acting = acting.filter(({ rollout }) => !rollout.episode.decided);
      for (const { index, rollout } of ended) {
        results[index] = rollout.finish();
        rollout.episode.free();
      }
      for (const { index } of ended) onEnded(results[index]);
    }
  } finally {
    for (const { rollout } of acting) rollout.episode.free();
  }
  return results;
}

/** What is left of each rollout's last chunk, which its next one is to go on from. */
function knownTo(
  rollouts: readonly Rollout[],
  { batch, policy: { predHorizon, actionDim } }: Planner,
  { delay, stride }: ChunkSchedule,
): KnownActions {
  const actions = new Float32Array(batch * predHorizon * actionDim);
  const weight = new Float32Array(batch * predHorizon);
  const weights = prefixWeights(predHorizon, delay, predHorizon - stride);
  rollouts.forEach(({ rest }, row) => {
    if (rest.length === 0) return;
    actions.set(rest, row * predHorizon * actionDim);
    weight.set(weights, row * predHorizon);
  });
  return { actions, weight };
}
