import { describe, expect, it } from 'vitest';
import {
  boundsOfPaths,
  nearestPath,
  projectionOf,
} from '../../../../client/shared/tasks/table-map.ts';
import type { DrawnPath } from '../../../../server/protocol/index.ts';

const path = (...points: [number, number][]): DrawnPath => ({
  tcp: Float32Array.from(points.flatMap(([x, y]) => [x, y, 0.1])),
  starts: new Float32Array(2),
});
const AHEAD = path([0.2, 0], [0.8, 0]);
const LEFT = path([0.2, 0.25], [0.8, 0.25]);
const POST = { x: 0.5, y: -0.3, radius: 0.05 };

describe('the map of the table', () => {
  it('holds all paths and posts, forward up and left to the left', () => {
    const bounds = boundsOfPaths([AHEAD, LEFT], [POST]);
    expect(bounds.x[0]).toBeCloseTo(0.16, 6);
    expect(bounds.y).toEqual([expect.closeTo(-0.39, 6), expect.closeTo(0.29, 6)]);
    const map = projectionOf(bounds, 340);
    expect(map.height).toBe(340);
    expect(map.at(0.8, 0)[1]).toBeLessThan(map.at(0.2, 0)[1]);
    expect(map.at(0.5, 0.2)[0]).toBeLessThan(map.at(0.5, -0.2)[0]);
  });

  it('is never as small as one short path, and there without any', () => {
    const [near, far] = boundsOfPaths([path([0.5, 0], [0.5, 0.01])], []).x;
    expect(far - near).toBeCloseTo(0.3, 6);
    expect(Number.isFinite(projectionOf(boundsOfPaths([], []), 200).height)).toBe(true);
  });

  it('finds the path that passes nearest to the pointer, within reach', () => {
    const map = projectionOf(boundsOfPaths([AHEAD, LEFT], []), 340);
    const paths = [
      [4, AHEAD],
      [7, LEFT],
    ] as const;
    const pick = (x: number, y: number) => nearestPath(paths, map, ...map.at(x, y), 20);
    expect(pick(0.5, 0.24)).toBe(7);
    expect(pick(0.35, 0.01)).toBe(4);
    expect(pick(0.5, 0.125)).toBeNull();
  });
});
