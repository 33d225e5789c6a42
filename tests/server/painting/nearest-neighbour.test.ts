import { describe, expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import { nearestNeighbourTest } from '../../../server/painting/nearest-neighbour.ts';

const random = Random.of(4);
const normals = (count: number, shift = 0, scale = 1) =>
  Float32Array.from({ length: count }, () => shift + scale * random.normal());

describe("the nearest neighbours' test", () => {
  it('cannot tell two samples of one distribution apart', () => {
    const { accuracy } = nearestNeighbourTest(normals(3 * 400), normals(3 * 400), 3);
    // Four standard deviations of 800 answers.
    expect(Math.abs(accuracy - 0.5)).toBeLessThan(0.09);
  });

  it('tells samples that lie apart', () => {
    const test = nearestNeighbourTest(normals(2 * 50), normals(2 * 50, 100), 2);
    expect(test).toEqual({ accuracy: 1, first: 1, second: 1 });
  });

  it('finds copies, each nearest to what it was copied from', () => {
    const points = normals(2 * 50);
    expect(nearestNeighbourTest(points, points.slice(), 2).accuracy).toBe(0);
  });

  it('tells a sample that has shrunk to one place from one that has not', () => {
    const { first, second } = nearestNeighbourTest(normals(1e4, 0, 0.01), normals(1e4), 100);
    expect(first).toBe(1);
    // In a hundred dimensions the middle is √2 nearer to a point than most others are.
    expect(second).toBeLessThan(0.5);
  });
});
