import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyDistance } from '../../../policies/lesson/distance.ts';
import { Random } from '../../../policies/random.ts';

const cloud = fc
  .array(
    fc.tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: -5, max: 5, noNaN: true }),
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((points) => points.flat());

describe('the energy distance', () => {
  it('of two points is twice the way between them', () => {
    expect(energyDistance([0, 0], [3, 4])).toBe(10);
  });

  it('is 0 to the same points, never negative, and the same both ways', () => {
    fc.assert(
      fc.property(cloud, cloud, (a, b) => {
        expect(energyDistance(a, a)).toBeCloseTo(0, 10);
        expect(energyDistance(a, b)).toBeGreaterThan(-1e-10);
        expect(energyDistance(a, b)).toBeCloseTo(energyDistance(b, a), 10);
      }),
    );
  });

  it('of two far samples tends to twice their distance minus how wide they are', () => {
    // E‖X − X′‖ = √π for standard normal points of the plane; the axes barely add to 100.
    const normals = (seed: number) => Random.of(seed).fillNormal(new Float32Array(2000));
    const far = normals(2).map((x, i) => (i % 2 === 0 ? x + 100 : x));
    const expected = 200 - 2 * Math.sqrt(Math.PI);
    expect(Math.abs(energyDistance(normals(1), far) / expected - 1)).toBeLessThan(0.002);
  });
});
