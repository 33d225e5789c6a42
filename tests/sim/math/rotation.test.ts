import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  handDown,
  matrixFromQuat,
  quatFromAxisAngle,
  quatFromMatrix,
  quatMultiply,
} from '../../../sim/math/rotation.ts';
import { QUAT_IDENTITY, type Quat } from '../../../sim/math/vec.ts';
import { quaternion, unitVector, within } from '../../support/arbitraries.ts';
import {
  determinant3,
  IDENTITY3,
  largestDifference,
  multiply3,
  transpose3,
} from '../../support/matrix.ts';

const TOLERANCE = 1e-14;
const components = ({ x, y, z, w }: Quat) => [x, y, z, w];
const conjugate = ({ x, y, z, w }: Quat): Quat => ({ x: -x, y: -y, z: -z, w });

describe('the rotation group', () => {
  it('has a neutral element', () => {
    fc.assert(
      fc.property(quaternion, (q) => {
        for (const product of [quatMultiply(q, QUAT_IDENTITY), quatMultiply(QUAT_IDENTITY, q)]) {
          expect(largestDifference(components(product), components(q))).toBe(0);
        }
      }),
    );
  });

  it('has inverses', () => {
    fc.assert(
      fc.property(quaternion, (q) => {
        const product = components(quatMultiply(q, conjugate(q)));
        expect(largestDifference(product, components(QUAT_IDENTITY))).toBeLessThan(TOLERANCE);
      }),
    );
  });

  it('is associative', () => {
    fc.assert(
      fc.property(quaternion, quaternion, quaternion, (a, b, c) => {
        const left = components(quatMultiply(quatMultiply(a, b), c));
        const right = components(quatMultiply(a, quatMultiply(b, c)));
        expect(largestDifference(left, right)).toBeLessThan(TOLERANCE);
      }),
    );
  });

  it('is the same in quaternions and in matrices: M(ab) = M(a)M(b)', () => {
    fc.assert(
      fc.property(quaternion, quaternion, (a, b) => {
        const product = multiply3(matrixFromQuat(a), matrixFromQuat(b));
        expect(largestDifference(matrixFromQuat(quatMultiply(a, b)), product)).toBeLessThan(
          TOLERANCE,
        );
      }),
    );
  });
});

describe('matrixFromQuat', () => {
  it('gives orthonormal, right-handed matrices', () => {
    fc.assert(
      fc.property(quaternion, (q) => {
        const m = matrixFromQuat(q);
        expect(largestDifference(multiply3(m, transpose3(m)), IDENTITY3)).toBeLessThan(TOLERANCE);
        expect(determinant3(m)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('follows Rodrigues: R = cos θ·I + sin θ·[n]× + (1 − cos θ)·n nᵀ', () => {
    fc.assert(
      fc.property(unitVector, within(-Math.PI, Math.PI), ([x, y, z], angle) => {
        const cross = [0, -z, y, z, 0, -x, -y, x, 0];
        const outer = [x * x, x * y, x * z, y * x, y * y, y * z, z * x, z * y, z * z];
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        const expected = IDENTITY3.map((one, i) => c * one + s * cross[i] + (1 - c) * outer[i]);
        const got = matrixFromQuat(quatFromAxisAngle([x, y, z], angle));
        expect(largestDifference(got, expected)).toBeLessThan(TOLERANCE);
      }),
    );
  });
});

describe('quatFromMatrix', () => {
  it('inverts matrixFromQuat up to the sign that no rotation sees, half turns included', () => {
    fc.assert(
      fc.property(quaternion, (q) => {
        const back = components(quatFromMatrix(matrixFromQuat(q)));
        const dot = back.reduce((sum, value, i) => sum + value * components(q)[i], 0);
        expect(Math.abs(Math.abs(dot) - 1)).toBeLessThan(TOLERANCE);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['x', { x: 1, y: 0, z: 0, w: 0 }],
    ['y', { x: 0, y: 1, z: 0, w: 0 }],
    ['z', { x: 0, y: 0, z: 1, w: 0 }],
  ])('gives a half turn about %s exactly', (_, half) => {
    expect(quatFromMatrix(matrixFromQuat(half))).toEqual(half);
  });
});

describe('handDown', () => {
  it('points the hand at the table and turns it by the yaw', () => {
    fc.assert(
      fc.property(within(-Math.PI, Math.PI), (yaw) => {
        const m = handDown(yaw);
        expect([m[2], m[5], m[8]]).toEqual([0, 0, -1]);
        expect(m[0]).toBeCloseTo(Math.cos(yaw), 14);
        expect(m[3]).toBeCloseTo(Math.sin(yaw), 14);
        expect(largestDifference(multiply3(m, transpose3(m)), IDENTITY3)).toBeLessThan(TOLERANCE);
        expect(determinant3(m)).toBeCloseTo(1, 12);
      }),
    );
  });
});
