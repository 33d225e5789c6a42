import type { ObjectiveSpec } from '../config/objective.ts';
import type { Mixture, Point } from './mixture.ts';
import { END_CLOUD, FORK } from './worked-example.ts';

/** What is learnt in the plane: where data lie, and what noise they are made of. */
export interface Target {
  /** Data, within ±1. */
  readonly mixture: Mixture;
  /** Noise is the point (0, 0) alone, as in the worked example; standard normal otherwise. */
  readonly fromOrigin: boolean;
}

/** The worked example in the policies' units: one point becomes another. */
export const POINT_TARGET: Target = { mixture: END_CLOUD, fromOrigin: true };
export const FORK_TARGET: Target = { mixture: FORK, fromOrigin: false };

/** Most points a reader may drop. */
export const MAX_OWN_POINTS = 8;
/** Size of the cloud round a point of one's own: smaller ones take longer to learn. */
const OWN_DEVIATION = 0.08;

/** As many small clouds as points, each as likely. @param points at least one, within ±1 */
export function ownTarget(points: readonly Point[]): Target {
  const weights = points.map(() => 1 / points.length);
  return { mixture: { means: points, weights, deviation: OWN_DEVIATION }, fromOrigin: false };
}

/** The two ways in which points are learnt side by side. */
export const LIVE_KINDS = ['diffusion', 'flow'] as const;
export type LiveKind = (typeof LIVE_KINDS)[number];

/** Steps of each training. */
export const LIVE_STEPS = 1000;

/** K of a diffusion towards a target: ten steps in the worked example. */
export function diffusionSteps({ fromOrigin }: Target): number {
  return fromOrigin ? 10 : 100;
}

export function objectiveOf(kind: LiveKind, target: Target): ObjectiveSpec {
  if (kind === 'flow') return { kind };
  return { kind, steps: diffusionSteps(target), prediction: 'v' };
}
