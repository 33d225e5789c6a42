import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HandTarget, KEY_SPEED } from '../../../../client/features/record/hand.ts';
import {
  displacement,
  FRONT_AXES,
  screenAxes,
} from '../../../../client/features/record/screen-axes.ts';
import { clampToWorkspace, WORKSPACE } from '../../../../client/features/record/workspace.ts';
import { HOME, handDown, IkSolver } from '../../../../sim/index.ts';

const still = { left: 0, right: 0, away: 0, near: 0, up: 0, down: 0 };
const start = { position: [0.4, 0, 0.15] as const, yaw: 0.1 };
const coordinate = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });

describe('the workspace', () => {
  const ik = new IkSolver();
  const out = new Float64Array(7);

  it('holds only places that the arm can reach with its hand down', () => {
    fc.assert(
      fc.property(coordinate(-1, 2), coordinate(-1, 1), coordinate(-1, 1), (x, y, z) => {
        const place = clampToWorkspace([x, y, z]);
        const { converged } = ik.solve(HOME, place, handDown(0), out, { maxIterations: 400 });
        expect(converged).toBe(true);
        expect(place[2]).toBeGreaterThanOrEqual(WORKSPACE.z[0]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves what lies within it as it is', () => {
    expect(clampToWorkspace([0.6, 0.1, 0.2])).toEqual([0.6, 0.1, 0.2]);
  });
});

describe('the hand', () => {
  it('arrives where it is sent, straightens, and rests there', () => {
    const hand = new HandTarget(start, 0.05);
    hand.moveBy([0.1, 0.05, 0]);
    for (let step = 0; step < 60; step++) hand.advance();
    expect(hand.arrived).toBe(true);
    const { position, yaw } = hand.advance();
    expect(position[0]).toBeCloseTo(0.5, 6);
    expect(position[1]).toBeCloseTo(0.05, 6);
    expect(Math.abs(yaw)).toBeLessThan(0.002);
  });

  it('is never faster than half a metre a second', () => {
    const hand = new HandTarget(start, 0.05);
    hand.moveTo([0.7, 0.3, 0.3]);
    let before = hand.position;
    for (let step = 0; step < 40; step++) {
      const { position } = hand.advance();
      const stride = Math.hypot(...position.map((value, i) => value - before[i]));
      expect(stride).toBeLessThanOrEqual(0.025 + 1e-9);
      before = position;
    }
  });

  it('stops where it is when it is let go', () => {
    const hand = new HandTarget(start, 0.05);
    hand.moveTo([0.7, 0.3, 0.3]);
    hand.advance();
    const here = hand.position;
    hand.hold();
    expect(hand.advance().position).toEqual(here);
  });
});

describe('the directions of the screen', () => {
  it('are those of the front view where nothing is known', () => {
    expect(screenAxes(null, null, null)).toEqual(FRONT_AXES);
  });

  it('follow the camera by whole axes', () => {
    const origin = { x: 100, y: 100 };
    // From in front: +x comes nearer, +y goes right.
    expect(screenAxes(origin, { x: 95, y: 130 }, { x: 140, y: 103 })).toEqual(FRONT_AXES);
    // From behind: +x goes away, +y goes left.
    expect(screenAxes(origin, { x: 115, y: 75 }, { x: 70, y: 90 })).toEqual({
      right: [0, -1],
      away: [1, 0],
    });
    // From the robot's right: +x goes right, +y away.
    expect(screenAxes(origin, { x: 140, y: 98 }, { x: 104, y: 80 })).toEqual({
      right: [1, 0],
      away: [0, 1],
    });
  });

  it('turn the time a key was held into a distance', () => {
    const move = displacement({ ...still, right: 0.8, near: 0.4, up: 0.2 }, FRONT_AXES, KEY_SPEED);
    expect(move[0]).toBeCloseTo(0.1);
    expect(move[1]).toBeCloseTo(0.2);
    expect(move[2]).toBeCloseTo(0.05);
  });
});
