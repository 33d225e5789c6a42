import type { DrawnChunks, Planner } from '../../policies/policy.ts';
import type { NoiseStream } from '../../policies/random.ts';
import type { Task, Vec3 } from '../../sim/index.ts';
import { tcpPath } from '../acting/rollout.ts';
import { type ModeIndex, modeIndex } from '../protocol/frames.ts';
import { type Inference, rowsOf } from './inference.ts';

/** What came of one stream of noise. */
export interface DrawnPlan {
  /** [Tp·Da], rad and m */
  readonly chunk: Float32Array;
  readonly mode: ModeIndex;
  /** [Tp, 3] TCP positions, m. */
  readonly path: Float32Array;
}

/** As many plans as streams, at most a batch, from what was observed at one inference. */
export async function drawPlans(
  task: Task,
  inference: Inference,
  planner: Planner,
  streams: readonly NoiseStream[],
): Promise<DrawnPlan[]> {
  const { chunk: chunks } = await drawFrom(inference, planner, streams);
  const size = chunks.length / planner.batch;
  return streams.map((_, i) => planOf(task, inference, chunks.subarray(i * size, (i + 1) * size)));
}

/** The same of a policy that is asked elsewhere, which may have no plan for some of them. */
export async function plansAnswered(
  task: Task,
  inference: Inference,
  planner: Planner,
  streams: readonly NoiseStream[],
): Promise<DrawnPlan[]> {
  const { chunk: chunks, failures } = await drawFrom(inference, planner, streams);
  const size = chunks.length / planner.batch;
  const there = streams.flatMap((_, i) => (failures?.has(i) ? [] : [i]));
  return there.map((i) => planOf(task, inference, chunks.subarray(i * size, (i + 1) * size)));
}

/** What a chunk comes to that was drawn from what was observed at an inference. */
export function planOf(
  task: Task,
  inference: Pick<Inference, 'tcp'>,
  chunk: Float32Array,
): DrawnPlan {
  const path = tcpPath(chunk);
  return { chunk, mode: modeOf(task, inference, path), path: Float32Array.from(path.flat()) };
}

/** One call of a planner in which every row sees and is told what the inference was made from. */
export function drawFrom(
  inference: Inference,
  planner: Planner,
  streams: readonly NoiseStream[],
): Promise<DrawnChunks> {
  const { observation, told } = rowsOf(inference, planner.batch);
  return planner.draw(observation, streams, told);
}

/** The way that a path takes which begins where the hand was. */
export function modeOf(
  task: Task,
  { tcp }: Pick<Inference, 'tcp'>,
  path: readonly Vec3[],
): ModeIndex {
  return modeIndex(task.modes, task.classifyPath([tcp, ...path]));
}
