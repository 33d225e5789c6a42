import { describe, expect, it } from 'vitest';
import { demonstrate } from '../../demos/demonstrate.ts';
import { leftRightColourExpert } from '../../demos/experts/left-right-colour.ts';
import { SimError, startSeed, type Vec3 } from '../../sim/index.ts';
import { leftRightColour } from '../../sim/tasks/left-right-colour/task.ts';
import { rapier } from '../support/simulation.ts';

function demonstrateTold(instruction: string, mode: string, seed: number, pushes = false) {
  return demonstrate(rapier, leftRightColour, leftRightColourExpert, mode, {
    controlHz: 20,
    startSeed: startSeed('demonstration', 2, seed),
    expertSeed: seed,
    instruction,
    pushes,
  });
}

/** Which ball is off the table at the end. */
function liftedOf({ environment, length }: { environment: Float32Array; length: number }) {
  const width = environment.length / length;
  const last = environment.subarray((length - 1) * width);
  const heights: Vec3 = [last[2], last[5], 0];
  return ['red', 'green'].filter((_, i) => heights[i] > 0.1);
}

describe('the expert', () => {
  it.each([
    ['hand me the red apple', 'left', ['red']],
    ['hand me the red apple', 'right', ['red']],
    ['take the green one from the left', 'left', ['green']],
    ['grab the green ball from the right', 'right', ['green']],
  ])(
    'told "%s", lifts what it is told past the %s',
    (instruction, mode, lifted) => {
      for (let seed = 0; seed < 12; seed++) {
        const demonstration = demonstrateTold(instruction, mode, seed);
        expect(demonstration).toMatchObject({ success: true, contact: false, mode });
        expect(demonstration.initial.instruction).toBe(instruction);
        expect(liftedOf(demonstration)).toEqual(lifted);
        expect(demonstration.length / 20).toBeLessThan(leftRightColour.timeLimit);
      }
    },
    60_000,
  );

  it('told nothing, lifts now this ball, now that', () => {
    const lifted = Array.from({ length: 12 }, (_, seed) =>
      liftedOf(demonstrateTold('', 'left', seed)),
    );
    expect(lifted.filter(([name]) => name === 'red').length).toBeGreaterThan(1);
    expect(lifted.filter(([name]) => name === 'green').length).toBeGreaterThan(1);
  });

  it('refuses to go the other way than it is told', () => {
    const demo = () => demonstrateTold('take the green one from the left', 'right', 0);
    expect(demo).toThrow(SimError);
    expect(demo).toThrow('asks for left, got "right"');
  });
});
