import { describe, expect, it } from 'vitest';
import { HAND_INERTIA, HOME, JOINT_MIDDLE, JOINTS } from '../../../sim/arm/panda.ts';
import { symmetricEigen } from '../../../sim/math/eigen.ts';
import { JOINT_LIMITS } from '../../support/reference-kinematics.ts';

describe("the arm's numbers", () => {
  it('are the limits the maker publishes', () => {
    expect(JOINTS.map(({ range }) => range)).toEqual(JOINT_LIMITS);
    expect(JOINTS.map(({ maxVelocity }) => maxVelocity)).toEqual([
      2.175, 2.175, 2.175, 2.175, 2.61, 2.61, 2.61,
    ]);
    expect(JOINTS.map(({ maxTorque }) => maxTorque)).toEqual([87, 87, 87, 87, 12, 12, 12]);
  });

  it('have the joint names of the published robot description', () => {
    expect(JOINTS.map(({ name }) => name)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((n) => `panda_joint${n}`),
    );
  });

  it('have inertias that a body of positive mass can have', () => {
    for (const { mass, inertia } of [...JOINTS.map(({ link }) => link), HAND_INERTIA]) {
      expect(mass).toBeGreaterThan(0);
      const [a, b, c] = [...symmetricEigen(inertia).values].sort((x, y) => x - y);
      expect(a).toBeGreaterThan(0);
      // Each principal value is a sum of two of ∫x², ∫y², ∫z²: the largest is at most the others'.
      expect(c).toBeLessThanOrEqual(a + b);
    }
  });

  it('have a home pose well inside the limits, and the middle of each range', () => {
    HOME.forEach((q, i) => {
      const [low, high] = JOINT_LIMITS[i];
      expect(q).toBeGreaterThan(low + 0.1);
      expect(q).toBeLessThan(high - 0.1);
      expect(JOINT_MIDDLE[i] - low).toBeCloseTo(high - JOINT_MIDDLE[i], 12);
    });
  });
});
