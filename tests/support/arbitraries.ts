import fc from 'fast-check';
import { JOINT_LIMITS } from './reference-kinematics.ts';

export function within(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}

/** Joint positions within the arm's limits, rad. */
export const joints: fc.Arbitrary<number[]> = fc
  .tuple(...JOINT_LIMITS.map(([low, high]) => within(low, high)))
  .map((q) => [...q]);

export const unitVector: fc.Arbitrary<[number, number, number]> = fc
  .tuple(within(-1, 1), within(-1, 1), within(-1, 1))
  .filter(([x, y, z]) => Math.hypot(x, y, z) > 0.1)
  .map(([x, y, z]) => {
    const length = Math.hypot(x, y, z);
    return [x / length, y / length, z / length];
  });

/** A rotation as unit quaternion, half turns (no real part) among them. */
export const quaternion = fc
  .tuple(unitVector, fc.oneof(within(-Math.PI, Math.PI), fc.constantFrom(0, Math.PI, -Math.PI)))
  .map(([[x, y, z], angle]) => {
    const s = Math.sin(angle / 2);
    return { x: x * s, y: y * s, z: z * s, w: Math.cos(angle / 2) };
  });
