import type { Planner } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
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
import { eyeOf, toldOf } from './eye.ts';
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
  /** Squared disagreement of successive plans, rad², summed over seams and joints. */
  readonly seam: { readonly squares: number; readonly count: number };
}

/** A running attempt. */
class Rollout {
  readonly episode: Episode;
  readonly #noiseKey: readonly number[];
  readonly #actionHorizon: number;
  readonly #history: ObservationHistory;
  #chunks = 0;
  #planned: string | null = null;
  #firstPlan: string | null = null;
  #switched = false;
  #expected: Float32Array | null = null;
  #seam = { squares: 0, count: 0 };

  constructor(
    episode: Episode,
    noiseKey: readonly number[],
    { obsHorizon, actionHorizon }: { obsHorizon: number; actionHorizon: number },
  ) {
    this.episode = episode;
    this.#noiseKey = noiseKey;
    this.#actionHorizon = actionHorizon;
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
    return Random.of(...this.#noiseKey, this.#chunks);
  }

  /** Carries out the first Ta actions of a chunk, [Tp, Da]. */
  execute(chunk: Float32Array): void {
    this.#judge(chunk);
    for (let i = 0; i < this.#actionHorizon && !this.episode.decided; i++) {
      if (i > 0) this.#history.observe(this.episode);
      this.episode.step(chunk.subarray(i * ACTION_DIM, (i + 1) * ACTION_DIM));
    }
    const seam = this.#actionHorizon * ACTION_DIM;
    this.#expected = chunk.length > seam ? chunk.slice(seam, seam + JOINT_COUNT) : null;
    this.#chunks++;
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
    };
  }

  #judge(chunk: Float32Array): void {
    const { task } = this.episode;
    const plan = task.classifyPath([this.episode.tcp(), ...tcpPath(chunk)]);
    if (this.#chunks === 0) this.#firstPlan = plan;
    const decided = plan !== null && plan !== 'invalid';
    if (decided && this.#planned !== null && plan !== this.#planned) this.#switched = true;
    if (decided) this.#planned = plan;
    if (this.#expected) {
      for (let i = 0; i < JOINT_COUNT; i++) {
        this.#seam.squares += (chunk[i] - this.#expected[i]) ** 2;
        this.#seam.count++;
      }
    }
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
 * plan; each ends when it has succeeded, or when it no longer can.
 *
 * The batch keeps its size when rollouts end, its last rows left empty: a row of a matrix product
 * may differ in its last bits with the number of rows.
 *
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
    onEnded = () => {},
  }: { actionHorizon: number; onEnded?: (result: RolloutResult) => void },
): Promise<RolloutResult[]> {
  const { spec, observationDim, actionDim } = planner.policy;
  const { batch } = planner;
  const observationSize = spec.obsHorizon * observationDim;
  const chunkSize = spec.predHorizon * actionDim;
  const eye = eyeOf(spec);
  const results: RolloutResult[] = [];
  for (let first = 0; first < requests.length; first += batch) {
    const group = requests.slice(first, first + batch).map(({ initial, noiseKey }) => {
      const episode = Episode.create(rapier, task, initial, spec.controlHz);
      return new Rollout(episode, noiseKey, { obsHorizon: spec.obsHorizon, actionHorizon });
    });
    try {
      while (group.some(({ episode }) => !episode.decided)) {
        const observation = new Float32Array(batch * observationSize);
        const active = group.filter(({ episode }) => !episode.decided);
        const streams = active.map((rollout, row) =>
          rollout.prepare(observation.subarray(row * observationSize, (row + 1) * observationSize)),
        );
        const told = toldOf(
          eye,
          active.map(({ episode }) => episode),
          batch,
        );
        const chunks = await planner.draw(observation, streams, told);
        active.forEach((rollout, row) => {
          rollout.execute(chunks.subarray(row * chunkSize, (row + 1) * chunkSize));
          if (rollout.episode.decided) onEnded(rollout.finish());
        });
      }
      results.push(...group.map((rollout) => rollout.finish()));
    } finally {
      for (const { episode } of group) episode.free();
    }
  }
  return results;
}
