import { describe, expect, it } from 'vitest';
import { demonstrate } from '../../demos/demonstrate.ts';
import type { Demonstration } from '../../demos/demonstration.ts';
import { threeWaysExpert } from '../../demos/experts/three-ways.ts';
import { expertSeed } from '../../server/datasets/generate.ts';
import { modeNames, startSeed } from '../../sim/index.ts';
import { threeWays } from '../../sim/tasks/three-ways/task.ts';
import { rapier } from '../support/simulation.ts';

/** Of each mode, in a few seconds; STARTS=100 for the figures of the README. */
const STARTS = Number(process.env.STARTS ?? 8);
const MODES = modeNames(threeWays);

/** The first try of demonstration `mode` from start `i` of a dataset of seed 1. */
function attempt(mode: string, i: number, controlHz: 20 | 50, pushes: boolean): Demonstration {
  return demonstrate(rapier, threeWays, threeWaysExpert, mode, {
    controlHz,
    startSeed: startSeed('demonstration', 1, i),
    expertSeed: expertSeed(1, i * MODES.length + MODES.indexOf(mode), 0),
    pushes,
  });
}

const first = (count: number) => Array.from({ length: count }, (_, i) => i);

describe.each(MODES)('the expert of two posts that goes %s', (mode) => {
  it('succeeds from every start in time and touches neither post', () => {
    for (const i of first(STARTS)) {
      const demo = attempt(mode, i, 20, false);
      expect(demo).toMatchObject({ mode, success: true, contact: false });
      expect(demo.length / demo.controlHz).toBeLessThan(threeWays.timeLimit);
    }
  });

  it('succeeds at 50 Hz as well', () => {
    for (const i of first(2)) {
      const demo = attempt(mode, i, 50, false);
      expect(demo).toMatchObject({ mode, success: true, contact: false, controlHz: 50 });
    }
  });

  // A push of 4 cm beside a post takes the hand to it, and one while the fingers close takes the
  // ball away: `demos generate` repeats what was spoiled so.
  it('succeeds at the first try in most cases where it is pushed', () => {
    const starts = first(STARTS);
    const spoiled = starts.filter((i) => !attempt(mode, i, 20, true).success);
    expect(spoiled.length / starts.length).toBeLessThan(0.2);
  });
});
