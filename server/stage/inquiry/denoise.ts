import type { DrawnChunks, Planner } from '../../../policies/policy.ts';
import type { Task, Vec3 } from '../../../sim/index.ts';
import { tcpPath } from '../../acting/rollout.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { Denoising, Station } from '../../protocol/inquiry-frames.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { drawFrom, modeOf } from '../drawn-plans.ts';
import { type Inference, streamOf } from '../inference.ts';
import type { Pace } from './pace.ts';

/** How the plans are to be drawn. */
export interface DenoisingPlan {
  /** Draws all futures, and keeps states. */
  readonly together: Planner;
  /** Draws the plan that acts as the lane did, and keeps states; null where it is drawn otherwise. */
  readonly acting: Planner | null;
  readonly range: Denoising['range'];
}

/**
 * Draws the plans of a moment once more and keeps where they stood: the acted one by the program of
 * the lane, the others as its fan.
 *
 * @throws ProtocolError 'conflict' for a policy that does not draw step by step
 * @cost a plan and a fan, and 2 ms a station
 */
export async function denoise(
  task: Task,
  inference: Inference,
  { together, acting, range }: DenoisingPlan,
  pace: Pace,
): Promise<Denoising> {
  const futures = await drawAll(together, inference);
  await pace.rest();
  const alone = acting && (await drawAll(acting, inference));
  await pace.rest();
  const calls = futures.states.length;
  if (calls === 0) {
    throw new ProtocolError(
      'conflict',
      `denoise: expected a policy that draws its plans step by step, got ${together.policy.name}, ` +
        'which draws in a way of its own; choose another view',
    );
  }
  const stations: Station[] = [];
  for (const call of shownCalls(calls)) {
    const all = standAt(futures, call);
    const acted = standAt(alone ?? futures, call);
    const size = all.chunk.length / together.batch;
    const estimates = pathsOf(all.estimate, together.batch);
    stations.push({
      call,
      time: call < calls ? futures.states[call].time : endOf(together),
      paths: pack(pathsOf(all.chunk, together.batch)),
      estimates: pack(estimates),
      estimatedModes: estimates.map((path) => modeOf(task, inference, path)),
      chunk: acted.chunk.slice(0, size),
      estimate: acted.estimate.slice(0, size),
    });
    await pace.rest();
  }
  const { objective } = together.policy;
  return {
    step: inference.step,
    number: inference.number,
    calls,
    range,
    diffusionSteps: objective?.kind === 'diffusion' ? objective.steps : 0,
    asActed: alone !== null,
    modes: stations[stations.length - 1].estimatedModes,
    pose: inference.pose,
    stations,
  };
}

function drawAll(planner: Planner, inference: Inference): Promise<DrawnChunks> {
  const streams = Array.from({ length: planner.batch }, (_, i) => streamOf(inference, i));
  return drawFrom(inference, planner, streams);
}

/** What stood before a network evaluation; after the last one the plan, which is its own estimate. */
function standAt({ chunk, states }: DrawnChunks, call: number) {
  return states[call] ?? { chunk, estimate: chunk };
}

/** Time of the finished plan: k = 0, or τ = 1. */
function endOf({ policy: { objective } }: Planner): number {
  return objective?.kind === 'diffusion' ? 0 : 1;
}

/** Evaluations that are shown, evenly spread, the first one and the end among them. */
function shownCalls(calls: number): number[] {
  const count = Math.min(calls, LIMITS.inquiry.stations - 1);
  return Array.from({ length: count + 1 }, (_, i) => Math.round((i * calls) / count));
}

/** TCP paths of a batch's chunks. */
function pathsOf(chunks: Float32Array, batch: number): Vec3[][] {
  const size = chunks.length / batch;
  return Array.from({ length: batch }, (_, i) => {
    return tcpPath(chunks.subarray(i * size, (i + 1) * size));
  });
}

/** [futures, points, 3]; long paths are thinned out, their ends kept. */
function pack(paths: readonly Vec3[][]): Float32Array {
  return Float32Array.from(paths.flatMap((path) => thin(path).flat()));
}

function thin(path: readonly Vec3[]): readonly Vec3[] {
  const { pathPoints } = LIMITS.inquiry;
  if (path.length <= pathPoints) return path;
  return Array.from({ length: pathPoints }, (_, i) => {
    return path[Math.round((i * (path.length - 1)) / (pathPoints - 1))];
  });
}
