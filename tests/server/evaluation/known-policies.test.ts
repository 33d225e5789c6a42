/** Measures of policies of which it is known what they must be. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import {
  evaluateCells,
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
  scriptOf: (cell: number) => Script,
): Promise<{ results: GridResult[]; measures: RolloutMeasures }> {
  const results: GridResult[] = [];
  for (const [i, cell] of CELLS.entries()) {
    const policy = new ScriptedPolicy(scriptOf(i));
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
  let demonstrations: Demonstration[];
  let results: GridResult[];
  let measures: RolloutMeasures;

  beforeAll(async () => {
    demonstrations = CELLS.map(({ start, noise }) => {
      const seed = startSeed('evaluation', SEED, start);
      return demonstrateMode(MODES[noise % 2], seed, { expertSeed: noise });
    });
    ({ results, measures } = await measure((i) => {
      const { action, length } = demonstrations[i];
      let plans = 0;
      return () => {
        const now = ACTION_HORIZON * plans++;
        return chunkOf((t) => rowOf(action, Math.min(now + t, length - 1)));
      };
    }));
  });

  it('does what was demonstrated', () => {
    expect(demonstrations.every(({ success }) => success)).toBe(true);
    expect(results.map(({ mode, success, contact }) => ({ mode, success, contact }))).toEqual(
      demonstrations.map(({ mode, contact }) => ({ mode, success: true, contact })),
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
    results.forEach(({ steps }, i) => {
      expect(steps).toBeLessThanOrEqual(demonstrations[i].length);
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
