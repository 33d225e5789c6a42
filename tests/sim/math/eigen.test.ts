import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Symmetric3, symmetricEigen } from '../../../sim/math/eigen.ts';
import { within } from '../../support/arbitraries.ts';
import {
  determinant3,
  IDENTITY3,
  largestDifference,
  multiply3,
  transpose3,
} from '../../support/matrix.ts';

const entry = within(-5, 5);
const symmetric = fc.oneof(
  fc.tuple(entry, entry, entry, entry, entry, entry),
  // Repeated principal values: the axes are not unique, but must still be a rotation.
  fc.tuple(entry, entry).map(([a, b]): Symmetric3 => [a, a, b, 0, 0, 0]),
  entry.map((a): Symmetric3 => [a, a, a, a, a, a]),
);

const full = ([xx, yy, zz, xy, xz, yz]: Symmetric3) => [xx, xy, xz, xy, yy, yz, xz, yz, zz];

describe('symmetricEigen', () => {
  it('reconstructs the matrix from its principal values and axes', () => {
    fc.assert(
      fc.property(symmetric, (m) => {
        const { values, axes } = symmetricEigen(m);
        const diagonal = [values[0], 0, 0, 0, values[1], 0, 0, 0, values[2]];
        const rebuilt = multiply3(multiply3(axes, diagonal), transpose3(axes));
        expect(largestDifference(rebuilt, full(m))).toBeLessThan(1e-13);
      }),
      { numRuns: 500 },
    );
  });

  it('gives axes that form a right-handed rotation', () => {
    fc.assert(
      fc.property(symmetric, (m) => {
        const { axes } = symmetricEigen(m);
        expect(largestDifference(multiply3(axes, transpose3(axes)), IDENTITY3)).toBeLessThan(1e-14);
        expect(determinant3(axes)).toBeCloseTo(1, 12);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves a diagonal matrix as it is', () => {
    const { values, axes } = symmetricEigen([3, 1, 2, 0, 0, 0]);
    expect(values).toEqual([3, 1, 2]);
    expect(Array.from(axes)).toEqual(IDENTITY3);
  });

  it('finds 1 and 3 for [[2, 1], [1, 2]], along the diagonals', () => {
    const { values, axes } = symmetricEigen([2, 2, 5, 1, 0, 0]);
    expect([...values].sort((a, b) => a - b)).toEqual([
      expect.closeTo(1, 12),
      expect.closeTo(3, 12),
      expect.closeTo(5, 12),
    ]);
    const column = values.findIndex((value) => Math.abs(value - 3) < 1e-9);
    expect(Math.abs(axes[column])).toBeCloseTo(Math.SQRT1_2, 12);
    expect(axes[3 + column]).toBeCloseTo(axes[column], 12);
  });
});
