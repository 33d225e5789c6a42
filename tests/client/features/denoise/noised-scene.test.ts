import { describe, expect, it } from 'vitest';
import { heatColor, heatMap } from '../../../../client/features/denoise/heat.ts';
import {
  colorOf,
  pointingOf,
  sceneAt,
  stationAt,
  turnedScene,
} from '../../../../client/features/denoise/noised-scene.ts';
import { PATH_COLORS } from '../../../../client/shared/colors.ts';
import type { Denoising } from '../../../../server/protocol/index.ts';
import { LEFT, RIGHT } from '../../../../sim/tasks/ways.ts';

const CALLS = 10;
/** Two futures of one point each, at x = call, and where they point to. */
const DENOISING: Denoising = {
  step: 0,
  number: 0,
  calls: CALLS,
  range: { least: 1, most: 100, step: 1 },
  diffusionSteps: 0,
  asActed: true,
  modes: [0, 1],
  pose: new Float32Array(8),
  stations: Array.from({ length: CALLS + 1 }, (_, call) => ({
    call,
    time: call / CALLS,
    paths: Float32Array.of(call, 0, 0, call, 1, 0),
    estimates: Float32Array.of(100 + call, 0, 0, 100 + call, 1, 0),
    estimatedModes: call < 2 ? [-2, -2] : [0, 1],
    chunk: new Float32Array(8),
    estimate: new Float32Array(8),
  })),
};

describe('what a view shows of plans on their way', () => {
  const at = (progress: number) => sceneAt(DENOISING, progress, 'left-right');

  it('are beads in the colours of where they end, and skins of where they stood', () => {
    expect(at(0.5).futures).toEqual([
      { color: LEFT.colour, chosen: true },
      { color: RIGHT.colour, chosen: false },
    ]);
    expect(at(0.5).layers.map(([x]) => x)).toEqual([2, 3, 4, 5]);
    expect(at(0).layers.map(([x]) => x)).toEqual([0]);
  });

  it('points where the plan that acts will end, until it has; by then beads are paths', () => {
    expect([...(at(0).lead ?? [])]).toEqual([100, 0, 0]);
    expect(at(1).lead).toBeNull();
    expect([at(0).strung, at(1).strung]).toEqual([0, 1]);
  });

  it('is a state of the sampler: of those that are there the nearest', () => {
    expect([0, 0.04, 0.06, 0.5, 1].map((each) => stationAt(DENOISING, each))).toEqual([
      0, 0, 1, 5, 10,
    ]);
  });

  it('says how many point where they will end', () => {
    const [first, , second] = DENOISING.stations;
    expect(pointingOf(DENOISING, first)).toEqual({ counts: new Map([[-2, 2]]), settled: 0 });
    expect(pointingOf(DENOISING, second).settled).toBe(2);
  });
});

it('a plan of other noise lies beside the one that acted, where that has as many points', () => {
  const turned = { mode: -2, path: Float32Array.of(1, 2, 3) };
  const beside = turnedScene(turned, Float32Array.of(4, 5, 6), 'left-right');
  expect(beside.futures.map(({ color }) => color)).toEqual([
    PATH_COLORS.invalid,
    PATH_COLORS.undecided,
  ]);
  expect([...beside.layers[0]]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(turnedScene(turned, null, 'left-right').futures).toHaveLength(1);
  expect(colorOf('left-right', -1)).toBe(PATH_COLORS.undecided);
});

it('a heat map has time to the right, a joint a row, and no colour where nothing turns', () => {
  const pose = Float32Array.from({ length: 8 }, (_, i) => i / 10);
  const chunk = Float32Array.from([...pose, ...pose]);
  chunk[8 + 2] += 1.5;
  chunk[7] -= 0.08;
  const pixels = heatMap(chunk, pose);
  const colorAt = (joint: number, t: number) => [
    ...pixels.subarray(4 * (2 * joint + t)).subarray(0, 3),
  ];
  expect(colorAt(2, 1)).toEqual([...heatColor(1)]);
  expect(colorAt(7, 0)).toEqual([...heatColor(-1)]);
  expect(colorAt(2, 0)).toEqual([...heatColor(0)]);
  expect(heatColor(9)).toEqual(heatColor(1));
});
