import type { DrawnPath } from '../../../server/protocol/index.ts';
import type { Place } from './placing.ts';

/** What a map of the table shows, m: the robot stands below it, its left is the map's left. */
export interface MapBounds {
  readonly x: readonly [near: number, far: number];
  readonly y: readonly [right: number, left: number];
}

/** Around paths and obstacles, m. */
const MARGIN = 0.04;
/** Never smaller than this, so that one short path does not fill the map. */
const LEAST = 0.3;

interface Circle {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** The part of the table that paths and what stands on it take. */
export function boundsOfPaths(paths: Iterable<DrawnPath>, obstacles: readonly Circle[]): MapBounds {
  return boundsOf(pointsOf(paths), obstacles);
}

function* pointsOf(paths: Iterable<DrawnPath>): Iterable<Place> {
  for (const { tcp } of paths) for (let i = 0; i < tcp.length; i += 3) yield [tcp[i], tcp[i + 1]];
}

/**
 * The part of the table that places and what stands on it take.
 *
 * @param least never smaller than this, m
 */
export function boundsOf(
  places: Iterable<Place>,
  obstacles: readonly Circle[],
  least = LEAST,
): MapBounds {
  const x: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const y: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (range: [number, number], value: number) => {
    range[0] = Math.min(range[0], value);
    range[1] = Math.max(range[1], value);
  };
  for (const { x: cx, y: cy, radius } of obstacles) {
    for (const sign of [-1, 1]) {
      take(x, cx + sign * radius);
      take(y, cy + sign * radius);
    }
  }
  for (const [px, py] of places) {
    take(x, px);
    take(y, py);
  }
  return { x: widened(x, least), y: widened(y, least) };
}

function widened([low, high]: readonly [number, number], least: number): [number, number] {
  if (low > high) return [-least / 2, least / 2];
  const more = Math.max(MARGIN, (least - (high - low)) / 2);
  return [low - more, high + more];
}

/** Where a place on the table lies on the map, px from its upper left corner. */
export interface Projection {
  readonly width: number;
  readonly height: number;
  at(x: number, y: number): readonly [left: number, top: number];
}

/** As large as fits into a width, the same scale both ways. */
export function projectionOf({ x, y }: MapBounds, width: number): Projection {
  const scale = width / (y[1] - y[0]);
  const height = Math.round(scale * (x[1] - x[0]));
  return { width, height, at: (px, py) => [(y[1] - py) * scale, (x[1] - px) * scale] };
}

/** The episode whose path passes nearest to a point of the map; null where none is within reach. */
export function nearestPath(
  paths: Iterable<readonly [episode: number, path: DrawnPath]>,
  { at }: Projection,
  left: number,
  top: number,
  reach: number,
): number | null {
  let nearest: number | null = null;
  let least = reach;
  for (const [episode, { tcp }] of paths) {
    let from = at(tcp[0], tcp[1]);
    for (let i = 3; i < tcp.length; i += 3) {
      const to = at(tcp[i], tcp[i + 1]);
      const distance = distanceToSegment(from, to, left, top);
      if (distance < least) {
        least = distance;
        nearest = episode;
      }
      from = to;
    }
  }
  return nearest;
}

function distanceToSegment(
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
  px: number,
  py: number,
): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length > 0 ? ((px - ax) * dx + (py - ay) * dy) / length : 0;
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(px - ax - share * dx, py - ay - share * dy);
}
