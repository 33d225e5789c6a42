import { describe, expect, it } from 'vitest';
import { Random } from '../../../../policies/random.ts';
import { INVALID } from '../../../../server/protocol/frames.ts';
import {
  coordinatesOf,
  findDirections,
  type NoiseDraw,
  turnNoise,
} from '../../../../server/stage/inquiry/noise-plane.ts';

const SIZE = 24;
const COUNT = 256;
const noiseOf = (seed: number) => Random.of(seed).fillNormal(new Float32Array(SIZE));
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
const axis = (at: number) => Float64Array.from({ length: SIZE }, (_, i) => Number(i === at));

/** Plans of a rule: component 3 of the noise decides the way, component 5 how far out it goes. */
function drawsOf(mode: (noise: Float32Array) => number): NoiseDraw[] {
  return Array.from({ length: COUNT }, (_, i) => {
    const noise = noiseOf(i);
    const chunk = new Float32Array(SIZE);
    chunk[0] = Math.sign(noise[3]);
    chunk[1] = 2 * noise[5];
    return { noise, chunk, mode: mode(noise) };
  });
}

const bySide = (noise: Float32Array) => Number(noise[3] < 0);

describe('the directions of a plan’s noise', () => {
  it('are what decides its way, and what else changes it most, at right angles', () => {
    const { first, second, parts } = findDirections(drawsOf(bySide));
    expect(parts).toEqual([0, 1]);
    // From the second mode to the first, as far as 256 draws in 24 dimensions can tell.
    expect(dot(first, axis(3))).toBeGreaterThan(0.9);
    expect(Math.abs(dot(second, axis(5)))).toBeGreaterThan(0.9);
    expect(dot(first, second)).toBeCloseTo(0, 12);
    for (const each of [first, second]) expect(dot(each, each)).toBeCloseTo(1, 12);
  });

  it('ignore plans that run into an obstacle, and say so where all others take one way', () => {
    const { first, second, parts } = findDirections(
      drawsOf((noise) => (noise[3] < 0 ? INVALID : 1)),
    );
    expect(parts).toBeNull();
    // Then the first is what changes the plan most.
    expect(Math.abs(dot(first, axis(5)))).toBeGreaterThan(0.9);
    expect(dot(first, second)).toBeCloseTo(0, 12);
  });
});

describe('noise in the plane', () => {
  const directions = findDirections(drawsOf(bySide));
  const noise = noiseOf(1000);

  it('is at home the noise itself, to the bit', () => {
    expect(turnNoise(noise, directions, coordinatesOf(noise, directions))).toEqual(noise);
  });

  it('has the coordinates it was given, and what lies beside the plane stays', () => {
    const turned = turnNoise(noise, directions, [1.5, -2]);
    const [u, v] = coordinatesOf(turned, directions);
    expect(u).toBeCloseTo(1.5, 5);
    expect(v).toBeCloseTo(-2, 5);
    const beside = axis(9);
    for (const each of [directions.first, directions.second]) {
      const along = dot(beside, each);
      for (let i = 0; i < SIZE; i++) beside[i] -= along * each[i];
    }
    expect(dot(turned, beside)).toBeCloseTo(dot(noise, beside), 1);
  });
});
