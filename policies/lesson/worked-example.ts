import type { Mixture, Point } from './mixture.ts';

/** The worked example: noise is one point, data are another. */
export const START: Point = [0, 0];
export const END: Point = [8, 8];

/** The two points as policies see data: within ±1. */
export const SCALE = 8;
export const END_CLOUD: Mixture = { means: [[1, 1]], weights: [1], deviation: 0 };

/** Where the straight path stands at τ. */
export function straightPath(tau: number): Point {
  return [START[0] + tau * (END[0] - START[0]), START[1] + tau * (END[1] - START[1])];
}

/** The fork: two clouds, half of the data each, and nothing between them. */
export const FORK: Mixture = {
  means: [
    [-0.6, 0.5],
    [0.6, 0.5],
  ],
  weights: [0.5, 0.5],
  deviation: 0.15,
};

/** Length of a path over that of the straight line between its ends: 1 for a straight path. */
export function detour(path: readonly Point[]): number {
  const way = (from: Point, to: Point) => Math.hypot(to[0] - from[0], to[1] - from[1]);
  const length = path.slice(1).reduce((sum, point, i) => sum + way(path[i], point), 0);
  return length / way(path[0], path[path.length - 1]);
}
