import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InitialState, SimError } from '../../../sim/index.ts';
import { BALL } from '../../../sim/tasks/behind-posts.ts';
import { leftRight } from '../../../sim/tasks/left-right/task.ts';
import { startSeed } from '../../../sim/tasks/starts.ts';
import {
  JOINT_LIMITS,
  positionOf,
  referenceChain,
  rotationOf,
} from '../../support/reference-kinematics.ts';
import { POST } from '../../support/simulation.ts';

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const start = leftRight.sampleInitialState(0);

describe('a start drawn from a seed', () => {
  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(seed, (s) => {
        expect(leftRight.sampleInitialState(s)).toEqual(leftRight.sampleInitialState(s));
      }),
      { numRuns: 20 },
    );
  });

  it('is made of f32 numbers, so that no format changes it', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const { joints, gripperOpening, objects } = leftRight.sampleInitialState(s);
        for (const value of [...joints, gripperOpening, ...objects.flat()]) {
          expect(value).toBe(Math.fround(value));
        }
      }),
    );
  });

  it('puts the hand before the post, pointing down, and the ball behind it', () => {
    fc.assert(
      fc.property(seed, (s) => {
        const { joints, objects } = leftRight.sampleInitialState(s);
        const hand = referenceChain(joints)[7];
        const [x, y, z] = positionOf(hand);
        const tolerance = 2e-4;
        expect(Math.abs(x - 0.34)).toBeLessThan(0.02 + tolerance);
        expect(Math.abs(y)).toBeLessThan(0.03 + tolerance);
        expect(Math.abs(z - 0.14)).toBeLessThan(0.02 + tolerance);
        expect(rotationOf(hand)[8]).toBeLessThan(-0.99999);
        const [[ballX, ballY, ballZ]] = objects;
        expect(Math.abs(ballX - 0.68)).toBeLessThan(0.02 + tolerance);
        expect(Math.abs(ballY)).toBeLessThan(0.03 + tolerance);
        expect(ballZ).toBeCloseTo(BALL.radius, 6);
        expect(x).toBeLessThan(POST.x - 0.1);
        expect(ballX).toBeGreaterThan(POST.x + 0.1);
      }),
    );
  });

  it('is one that the task accepts', () => {
    fc.assert(
      fc.property(seed, (s) => leftRight.validateInitialState(leftRight.sampleInitialState(s))),
    );
  });

  it('spreads over the whole range, uncorrelated, for the consecutive seeds of one dataset', () => {
    const count = 1000;
    const balls = Array.from(
      { length: count },
      (_, i) => leftRight.sampleInitialState(startSeed('demonstration', 0, i)).objects[0],
    );
    const u = balls.map(([x]) => (x - 0.66) / 0.04);
    const v = balls.map(([, y]) => (y + 0.03) / 0.06);
    // Kolmogorov–Smirnov against the uniform distribution; 1.95 / √n is exceeded once in a thousand.
    for (const sample of [u, v]) {
      const sorted = [...sample].sort((a, b) => a - b);
      const gap = Math.max(...sorted.map((value, i) => Math.abs(value - (i + 0.5) / count)));
      expect(gap).toBeLessThan(1.95 / Math.sqrt(count));
    }
    const product = (a: number[], b: number[]) =>
      a.reduce((sum, value, i) => sum + (value - 0.5) * (b[i] - 0.5), 0) / count;
    expect(Math.abs(12 * product(u, v))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(12 * product(u.slice(1), u))).toBeLessThan(4 / Math.sqrt(count));
  });
});

describe('validateInitialState', () => {
  const check = (change: Partial<InitialState>) => () =>
    leftRight.validateInitialState({ ...start, ...change });
  const withJoint = (i: number, q: number) => ({
    joints: start.joints.map((value, k) => (k === i ? q : value)),
  });
  const withBall = (
    x: number,
    y: number,
    z: number = Math.fround(BALL.radius),
  ): Partial<InitialState> => ({
    objects: [[x, y, z]],
  });

  it('refuses a joint beyond its range', () => {
    JOINT_LIMITS.forEach(([low, high], i) => {
      for (const q of [low - 1e-3, high + 1e-3]) {
        expect(check(withJoint(i, q))).toThrow(SimError);
        expect(check(withJoint(i, q))).toThrow(`panda_joint${i + 1}`);
      }
    });
  });

  it('refuses a hand that does not begin where the task begins, such as one inside the post', () => {
    const [base, ...others] = start.joints;
    expect(check({ joints: [Math.fround(base + 0.2), ...others] })).toThrow(/TCP [xy]/);
    // Joints 2 and 4 stretch the arm until the hand stands at the post.
    const stretched = [...start.joints];
    stretched[1] = Math.fround(stretched[1] + 0.35);
    expect(check({ joints: stretched })).toThrow(/TCP [xz]/);
  });

  it('refuses numbers that are not exactly f32, which storage would change', () => {
    expect(check(withJoint(6, start.joints[6] + 1e-9))).toThrow('exactly f32');
    expect(check(withBall(0.68 + 1e-12, Math.fround(0.01)))).toThrow('exactly f32');
  });

  it('lets the ball lie where it can be reached, on the table', () => {
    const [[x0, x1], [y0, y1]] = [leftRight.placing.x, leftRight.placing.y];
    for (const x of [x0, x1].map(Math.fround)) {
      for (const y of [y0, y1].map(Math.fround)) expect(check(withBall(x, y))).not.toThrow();
    }
    expect(check(withBall(x0 - 1e-3, 0))).toThrow('ball x');
    expect(check(withBall(x1 + 1e-3, 0))).toThrow('ball x');
    expect(check(withBall(x0, y0 - 1e-3))).toThrow('ball y');
    expect(check(withBall(x0, y1 + 1e-3))).toThrow('ball y');
    expect(check(withBall(x0, 0, 0.2))).toThrow('ball z');
    expect(check(withBall(x0, 0, -0.03))).toThrow('ball z');
  });

  it('refuses an opening the gripper does not have', () => {
    expect(check({ gripperOpening: 0 })).not.toThrow();
    for (const gripperOpening of [-0.001, 0.081]) {
      expect(check({ gripperOpening })).toThrow('gripper opening');
    }
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuses %d anywhere',
    (bad) => {
      const states = [
        withJoint(3, bad),
        { gripperOpening: bad },
        withBall(bad, 0),
        withBall(0.68, bad),
      ];
      for (const state of states) expect(check(state)).toThrow(SimError);
      expect(check(withBall(0.68, 0, bad))).toThrow(SimError);
    },
  );

  it('refuses a wrong number of joints or objects, and says how many it got', () => {
    expect(check({ joints: start.joints.slice(1) })).toThrow('got 6 and 1');
    expect(check({ objects: [] })).toThrow('got 7 and 0');
    expect(check({ objects: [...start.objects, ...start.objects] })).toThrow('got 7 and 2');
  });
});
