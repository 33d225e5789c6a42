/** Measures of policies of which it is known what they must be. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import {
  evaluateCells,
  type GridCell,
  type GridResult,
  measuresOf,
  type RolloutMeasures,
  rolloutGrid,
} from '../../../server/evaluation/evaluate.ts';
import { startSeed } from '../../../sim/index.ts';
import { SCRIPTED_SPEC, type Script, ScriptedPolicy } from '../../support/scripted-policy.ts';
import { demonstrateMode, HOLD, rapier, rowOf, task } from '../../support/simulation.ts';

const SEED = 0;
/** Two starts, four noises each. */
const CELLS = rolloutGrid(8, 2);
const MODES = ['left', 'right'];
const DEMONSTRATED = { left: 50, right: 50 };
const ACTION_HORIZON = 20;

/** Rolls out a script for each cell, which is asked for one plan after the other. */
async function measure(
  scriptOf: (cell: GridCell) => Script,
): Promise<{ results: GridResult[]; measures: RolloutMeasures }> {
  const results: GridResult[] = [];
  for (const cell of CELLS) {
    const policy = new ScriptedPolicy(scriptOf(cell));
    const setup = { rapier, task, policy, sampler: null, batch: 1, seed: SEED };
    results.push(...(await evaluateCells({ ...setup, actionHorizon: ACTION_HORIZON }, [cell])));
  }
  const about = { abilities: { noise: true } };
  return { results, measures: measuresOf(task, results, about, DEMONSTRATED) };
}

/** Rows of a chunk, each the command of a control step after the present one. */
function chunkOf(rowAt: (t: number) => ArrayLike<number>): Float32Array {
  const rows = Array.from({ length: SCRIPTED_SPEC.predHorizon }, (_, t) => Array.from(rowAt(t)));
  return Float32Array.from(rows.flat());
}

describe('a policy that replays demonstrations, left and right alike,', () => {
  const demonstrations = new Map<GridCell, Demonstration>();
  let results: GridResult[];
  let measures: RolloutMeasures;

  beforeAll(async () => {
    for (const cell of CELLS) {
      const seed = startSeed('evaluation', SEED, cell.start);
      const expertSeed = cell.noise;
      const shown = demonstrateMode(MODES[cell.noise % 2], seed, { expertSeed });
      demonstrations.set(cell, shown);
    }
    ({ results, measures } = await measure((cell) => {
      const { action, length } = demonstrations.get(cell) as Demonstration;
      let plans = 0;
      return () => {
        const now = ACTION_HORIZON * plans++;
        return chunkOf((t) => rowOf(action, Math.min(now + t, length - 1)));
      };
    }));
  });

  it('does what was demonstrated', () => {
    const shown = CELLS.map((cell) => demonstrations.get(cell));
    expect(shown.every((each) => each?.success)).toBe(true);
    expect(results.map(({ mode, success, contact }) => ({ mode, success, contact }))).toEqual(
      shown.map((each) => ({ mode: each?.mode, success: true, contact: each?.contact })),
    );
  });

  it('succeeds always, in both modes from each start, as often as they were demonstrated', () => {
    expect(measures.success.rate).toBe(1);
    expect(measures.modes).toEqual({ left: 4, right: 4 });
    expect(measures.modeEntropy).toBe(1);
    expect(measures.conditionalEntropy).toBe(1);
    expect(measures.klToDemos).toBe(0);
    expect(measures.contact.rate).toBe(0);
  });

  it('plans nothing between the modes, and never changes its mind', () => {
    expect(measures.invalidMiddle.rate).toBe(0);
    expect(measures.modeSwitchRate).toBe(0);
  });

  it('takes no more steps than were demonstrated', () => {
    CELLS.forEach((cell, i) => {
      expect(results[i].steps).toBeLessThanOrEqual(demonstrations.get(cell)?.length ?? 0);
    });
  });
});

describe('a policy of random commands', () => {
  let results: GridResult[];
  let measures: RolloutMeasures;

  beforeAll(async () => {
    ({ results, measures } = await measure(() => ({ noise }) => {
      return chunkOf((t) => HOLD.map((value, joint) => value + 0.5 * rowOf(noise, t)[joint]));
    }));
  });

  it('never succeeds, though no two of its rollouts are alike', () => {
    expect(measures.success.rate).toBe(0);
    expect(measures.stepsToSuccess).toBeNull();
    expect(new Set(results.map(({ replayHash }) => replayHash)).size).toBe(results.length);
  });

  it('is not diverse for all the ways in which it fails', () => {
    expect(measures.modes).toEqual({ left: 0, right: 0 });
    expect(measures.modeEntropy).toBe(0);
    expect(measures.conditionalEntropy).toBe(0);
    expect(measures.klToDemos).toBeNull();
  });
});
