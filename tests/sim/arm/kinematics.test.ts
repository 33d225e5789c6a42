import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrames, forwardKinematics, jacobian } from '../../../sim/arm/kinematics.ts';
import { joints } from '../../support/arbitraries.ts';
import {
  determinant3,
  IDENTITY3,
  largestDifference,
  multiply3,
  transpose3,
} from '../../support/matrix.ts';
import { positionOf, referenceChain, rotationOf } from '../../support/reference-kinematics.ts';

describe('forwardKinematics', () => {
  it('gives the published TCP for the published pose', () => {
    const q = [0, 0, 0, -Math.PI / 2, 0, Math.PI / 2, -Math.PI / 4];
    const { tcpPosition } = forwardKinematics(q, createFrames());
    expect(largestDifference(tcpPosition, [0.5545, 0, 0.5211])).toBeLessThan(1e-12);
  });

  it('stands upright with all joints at zero: the sums of the offsets', () => {
    const { tcpPosition, tcpRotation } = forwardKinematics(new Float64Array(7), createFrames());
    // a7 = 0.088 forward; d1 + d3 + d5 up, then flange and hand down again.
    const height = 0.333 + 0.316 + 0.384 - 0.107 - 0.1034;
    expect(largestDifference(tcpPosition, [0.088, 0, height])).toBeLessThan(1e-12);
    expect(tcpRotation[8]).toBeCloseTo(-1, 12);
  });

  it('agrees with the product of 4×4 link transforms in every link and at the TCP', () => {
    fc.assert(
      fc.property(joints, (q) => {
        const frames = forwardKinematics(q, createFrames());
        const chain = referenceChain(q);
        for (let i = 0; i < 7; i++) {
          const position = frames.linkPosition.subarray(3 * i, 3 * i + 3);
          const rotation = frames.linkRotation.subarray(9 * i, 9 * i + 9);
          expect(largestDifference(position, positionOf(chain[i]))).toBeLessThan(1e-13);
          expect(largestDifference(rotation, rotationOf(chain[i]))).toBeLessThan(1e-13);
        }
        expect(largestDifference(frames.tcpPosition, positionOf(chain[7]))).toBeLessThan(1e-13);
        expect(largestDifference(frames.tcpRotation, rotationOf(chain[7]))).toBeLessThan(1e-13);
      }),
    );
  });

  it('gives the hand a right-handed rotation', () => {
    fc.assert(
      fc.property(joints, (q) => {
        const { tcpRotation: r } = forwardKinematics(q, createFrames());
        expect(largestDifference(multiply3(r, transpose3(r)), IDENTITY3)).toBeLessThan(1e-13);
        expect(determinant3(r)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('keeps nothing of what its frames held before', () => {
    fc.assert(
      fc.property(joints, joints, (before, q) => {
        const used = forwardKinematics(q, forwardKinematics(before, createFrames()));
        expect(used).toEqual(forwardKinematics(q, createFrames()));
      }),
    );
  });
});

describe('jacobian', () => {
  const STEP = 1e-6;

  /** Central differences of the reference chain: the column of joint `i`. */
  function column(q: readonly number[], i: number): number[] {
    const moved = (by: number) => {
      const chain = referenceChain(q.map((value, k) => (k === i ? value + by : value)));
      return chain[7];
    };
    const [after, before] = [moved(STEP), moved(-STEP)];
    const linear = positionOf(after).map(
      (value, k) => (value - positionOf(before)[k]) / (2 * STEP),
    );
    // Ṙ·Rᵀ is the cross-product matrix of the angular velocity.
    const rate = rotationOf(after).map((value, k) => (value - rotationOf(before)[k]) / (2 * STEP));
    const spin = multiply3(rate, transpose3(rotationOf(referenceChain(q)[7])));
    return [...linear, spin[7], spin[2], spin[3]];
  }

  it('is the derivative of the TCP pose', () => {
    fc.assert(
      fc.property(joints, (q) => {
        const J = jacobian(forwardKinematics(q, createFrames()), new Float64Array(42));
        for (let i = 0; i < 7; i++) {
          const got = [0, 1, 2, 3, 4, 5].map((row) => J[7 * row + i]);
          expect(largestDifference(got, column(q, i))).toBeLessThan(1e-8);
        }
      }),
    );
  });
});
