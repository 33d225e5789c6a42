import { describe, expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import { slicedWasserstein } from '../../../server/painting/sliced-wasserstein.ts';

const random = Random.of(3);
const normals = (count: number, scale = 1) =>
  Float32Array.from({ length: count }, () => scale * random.normal());

describe('the sliced Wasserstein distance', () => {
  it('is none between a sample and its own points in another order', () => {
    const points = normals(3 * 20);
    const turned = Float32Array.from({ length: 60 }, (_, i) => points[(i + 30) % 60]);
    expect(slicedWasserstein(points, turned, 3, { random })).toBeLessThan(1e-6);
  });

  it('of a shift of every number is the shift', () => {
    const points = normals(4 * 50);
    const shifted = points.map((value) => value + 0.25);
    const distance = slicedWasserstein(points, shifted, 4, { random, directions: 4000 });
    // In the mean over directions (θ·δ)² is |δ|² / dimension.
    expect(distance).toBeCloseTo(0.25, 2);
  });

  it('of a spread is what the standard deviation gains', () => {
    const points = normals(2 * 4000);
    const wider = points.map((value) => 1.5 * value);
    expect(slicedWasserstein(points, wider, 2, { random })).toBeCloseTo(0.5, 1);
  });

  it('in one dimension matches points by their order', () => {
    const [a, b] = [Float32Array.of(3, 0, 1), Float32Array.of(2, 5, 1)];
    // 0 to 1, 1 to 2, 3 to 5.
    expect(slicedWasserstein(a, b, 1, { random })).toBeCloseTo(Math.sqrt(6 / 3), 6);
  });

  it('is refused for samples of other sizes', () => {
    expect(() => slicedWasserstein(normals(6), normals(9), 3, { random })).toThrow(
      'as many points of 3 numbers, got 6 and 9 numbers',
    );
  });
});
