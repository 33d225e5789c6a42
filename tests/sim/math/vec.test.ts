import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clamp, distance, type Vec3 } from '../../../sim/math/vec.ts';
import { within } from '../../support/arbitraries.ts';

const point: fc.Arbitrary<Vec3> = fc.tuple(within(-10, 10), within(-10, 10), within(-10, 10));

describe('distance', () => {
  it('is the Euclidean one', () => {
    expect(distance([1, 2, 3], [3, 5, 9])).toBe(7);
    fc.assert(
      fc.property(point, point, (a, b) => {
        const expected = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
        expect(distance(a, b)).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe('clamp', () => {
  it('is the nearest value within the bounds', () => {
    fc.assert(
      fc.property(within(-10, 10), within(-5, 0), within(0, 5), (value, low, high) => {
        const got = clamp(value, low, high);
        expect(got).toBeGreaterThanOrEqual(low);
        expect(got).toBeLessThanOrEqual(high);
        if (value >= low && value <= high) expect(got).toBe(value);
        else expect([low, high]).toContain(got);
      }),
    );
    expect(clamp(7, 0, 1)).toBe(1);
    expect(clamp(-7, 0, 1)).toBe(0);
  });

  it('does not hide a NaN', () => {
    expect(clamp(Number.NaN, 0, 1)).toBeNaN();
  });
});
