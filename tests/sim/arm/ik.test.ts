import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IkOptions, IkSolver } from '../../../sim/arm/ik.ts';
import { HOME } from '../../../sim/arm/panda.ts';
import { handDown } from '../../../sim/math/rotation.ts';
import { within } from '../../support/arbitraries.ts';
import { multiply3, transpose3 } from '../../support/matrix.ts';
import {
  JOINT_LIMITS,
  positionOf,
  referenceChain,
  rotationOf,
} from '../../support/reference-kinematics.ts';

type Point = readonly [number, number, number];

/** Where the task takes the hand: about the start, round the post, to the ball and above it. */
const taskPoint: fc.Arbitrary<Point> = fc.tuple(
  within(0.32, 0.74),
  within(-0.22, 0.22),
  within(0.03, 0.25),
);
const yaw = within(-0.3, 0.3);

function solve(start: ArrayLike<number>, point: Point, angle: number, options?: IkOptions) {
  const q = new Float64Array(7);
  const result = new IkSolver().solve(start, point, handDown(angle), q, options);
  return { q, ...result };
}

/** How far the hand is from a pose, by the reference kinematics: m and rad. */
function poseError(q: ArrayLike<number>, point: Point, angle: number) {
  const pose = referenceChain(q)[7];
  const [x, y, z] = positionOf(pose);
  const difference = multiply3(rotationOf(pose), transpose3(handDown(angle)));
  const cosine = (difference[0] + difference[4] + difference[8] - 1) / 2;
  return {
    position: Math.hypot(x - point[0], y - point[1], z - point[2]),
    rotation: Math.acos(Math.min(1, cosine)),
  };
}

describe('IkSolver', () => {
  it('inverts the kinematics everywhere the task takes the hand', () => {
    fc.assert(
      fc.property(taskPoint, yaw, (point, angle) => {
        const { q, converged } = solve(HOME, point, angle, { maxIterations: 200 });
        expect(converged).toBe(true);
        const error = poseError(q, point, angle);
        expect(error.position).toBeLessThan(1e-4);
        expect(error.rotation).toBeLessThan(1e-3);
      }),
      { numRuns: 500 },
    );
  });

  it('meets ten times tighter tolerances when asked to', () => {
    fc.assert(
      fc.property(taskPoint, yaw, (point, angle) => {
        const tolerances = { positionTolerance: 1e-5, rotationTolerance: 1e-4 };
        const { q, converged } = solve(HOME, point, angle, { maxIterations: 200, ...tolerances });
        expect(converged).toBe(true);
        const error = poseError(q, point, angle);
        expect(error.position).toBeLessThan(1e-5);
        expect(error.rotation).toBeLessThan(1e-4);
      }),
    );
  });

  it('follows a hand that moves 2 cm a step within four iterations', () => {
    const angle = within(0, 2 * Math.PI);
    fc.assert(
      fc.property(taskPoint, yaw, angle, (from, handYaw, direction) => {
        const { q: start } = solve(HOME, from, handYaw, { maxIterations: 200 });
        const to: Point = [
          from[0] + 0.02 * Math.cos(direction),
          from[1] + 0.02 * Math.sin(direction),
          from[2],
        ];
        expect(solve(start, to, handYaw, { maxIterations: 5 }).converged).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('turns the hand about a point it is at already', () => {
    fc.assert(
      fc.property(taskPoint, yaw, (point, angle) => {
        const { q: start } = solve(HOME, point, angle, { maxIterations: 200 });
        const { q, converged } = solve(start, point, angle + 0.2);
        expect(converged).toBe(true);
        expect(poseError(q, point, angle + 0.2).rotation).toBeLessThan(1e-3);
      }),
    );
  });

  it('stays where it is when it is there already', () => {
    fc.assert(
      fc.property(taskPoint, yaw, (point, angle) => {
        const { q } = solve(HOME, point, angle, { maxIterations: 200 });
        const again = solve(q, point, angle);
        expect(again).toEqual({ q, converged: true, iterations: 0 });
      }),
    );
  });

  it('remembers nothing between calls', () => {
    const used = new IkSolver();
    fc.assert(
      fc.property(taskPoint, taskPoint, yaw, (first, second, angle) => {
        const q = new Float64Array(7);
        used.solve(HOME, first, handDown(angle), q);
        used.solve(HOME, second, handDown(angle), q);
        expect(q).toEqual(solve(HOME, second, angle).q);
      }),
    );
  });

  it('may write over the joints it began from', () => {
    const q = Float64Array.from(HOME);
    new IkSolver().solve(q, [0.5, 0.1, 0.2], handDown(0), q);
    expect(q).toEqual(solve(HOME, [0.5, 0.1, 0.2], 0).q);
  });

  it('says so when a pose is out of reach, and still answers within the joint limits', () => {
    const point = fc.tuple(within(-2, 2), within(-2, 2), within(1.5, 3));
    fc.assert(
      fc.property(point, yaw, (far, angle) => {
        const { q, converged, iterations } = solve(HOME, far, angle);
        expect(converged).toBe(false);
        expect(iterations).toBe(50);
        q.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(JOINT_LIMITS[i][0]);
          expect(value).toBeLessThanOrEqual(JOINT_LIMITS[i][1]);
        });
      }),
    );
  });

  it('uses its spare degree of freedom to stay near home', () => {
    // From an elbow swung far out, the same hand pose is reached with a less twisted arm.
    const q = new Float64Array(7);
    const solver = new IkSolver();
    const point: Point = [0.5, 0, 0.2];
    const twisted = [1.2, ...HOME.slice(1)];
    solver.solve(twisted, point, handDown(0), q, { maxIterations: 200 });
    const first = Math.abs(q[0]);
    for (let k = 0; k < 50; k++) {
      const nudged: Point = [point[0], k % 2 ? 0.002 : -0.002, point[2]];
      solver.solve(q, nudged, handDown(0), q, { maxIterations: 200 });
    }
    expect(Math.abs(q[0])).toBeLessThan(0.5 * first);
  });
});
