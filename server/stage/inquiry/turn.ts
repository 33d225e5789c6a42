import type { Planner } from '../../../policies/policy.ts';
import { type NoiseStream, startingWith } from '../../../policies/random.ts';
import { ACTION_DIM, type Task } from '../../../sim/index.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { NoisePlane, Turned } from '../../protocol/inquiry-frames.ts';
import { type DrawnPlan, drawPlans } from '../drawn-plans.ts';
import { type Inference, streamOf } from '../inference.ts';
import {
  coordinatesOf,
  type Directions,
  findDirections,
  type NoiseDraw,
  turnNoise,
} from './noise-plane.ts';
import type { Pace } from './pace.ts';

/** Plans drawn to find the directions of a plane. */
const DRAWS = 256;

/** Noise of those plans: futures that no fan has. */
const FIRST_DRAW = 1024;

/** What a moment's plans are drawn with: the lane's own planners. */
export interface TurningPlanners {
  /** For one plan. */
  readonly planner: Planner;
  /** For several. */
  readonly fanPlanner: Planner;
}

/** The noise of the plan that acted at a moment, and a plane through it. */
export interface TurnableNoise {
  readonly acting: Float32Array;
  readonly directions: Directions;
  readonly plane: NoisePlane;
}

/**
 * Finds the plane of a moment's noise.
 *
 * @throws ProtocolError 'conflict' for a policy that draws no noise
 * @cost 256 plans from one observation: about half a second
 */
export async function findPlane(
  task: Task,
  inference: Inference,
  { fanPlanner }: TurningPlanners,
  pace: Pace,
): Promise<TurnableNoise> {
  const { name, abilities, predHorizon } = fanPlanner.policy;
  if (!abilities.noise) {
    throw new ProtocolError(
      'conflict',
      `noise: expected a policy that draws its plans out of noise, got ${name}, which has one ` +
        'answer to what it sees; choose another view',
    );
  }
  const size = predHorizon * ACTION_DIM;
  const noiseOf = (stream: NoiseStream) => stream.fillNormal(new Float32Array(size));
  const draws: NoiseDraw[] = [];
  while (draws.length < DRAWS) {
    const first = FIRST_DRAW + draws.length;
    const futures = Array.from({ length: fanPlanner.batch }, (_, i) => first + i);
    const streams = futures.map((future) => streamOf(inference, future));
    const plans = await drawPlans(task, inference, fanPlanner, streams);
    plans.forEach(({ mode, chunk }, i) => {
      draws.push({ mode, chunk, noise: noiseOf(streamOf(inference, futures[i])) });
    });
    await pace.rest();
  }
  const acting = noiseOf(streamOf(inference, 0));
  const directions = findDirections(draws);
  const modes = [...new Set(draws.map(({ mode }) => mode))].sort((a, b) => a - b);
  const plane = {
    step: inference.step,
    home: coordinatesOf(acting, directions),
    draws: draws.length,
    counts: modes.map((mode) => ({ mode, count: draws.filter((d) => d.mode === mode).length })),
    parts: directions.parts,
  };
  return { acting, directions, plane };
}

/**
 * Draws the plans of noise in the plane, fresh noise on the way held as it was. One alone is drawn
 * as the lane draws, so at home it is the plan that acted, to the bit.
 */
export async function turn(
  task: Task,
  inference: Inference,
  { planner, fanPlanner }: TurningPlanners,
  { acting, directions }: TurnableNoise,
  { points, paths }: { points: readonly (readonly [number, number])[]; paths: boolean },
  pace: Pace,
): Promise<Turned> {
  const asked = points.length === 1 ? planner : fanPlanner;
  const streams = points.map((point) =>
    startingWith(turnNoise(acting, directions, point), streamOf(inference, 0)),
  );
  const plans: DrawnPlan[] = [];
  for (let i = 0; i < streams.length; i += asked.batch) {
    plans.push(...(await drawPlans(task, inference, asked, streams.slice(i, i + asked.batch))));
    await pace.rest();
  }
  return {
    modes: plans.map(({ mode }) => mode),
    paths: paths ? plans.map(({ path }) => path) : [],
  };
}
