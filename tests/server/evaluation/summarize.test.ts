import { describe, expect, it } from 'vitest';
import type { ObjectiveSpec } from '../../../policies/config/index.ts';
import { describeTrained } from '../../../policies/network-policy.ts';
import { NO_MOTION, NO_SQUARES } from '../../../server/acting/motion.ts';
import { type GridResult, rolloutGrid, summarize } from '../../../server/evaluation/evaluate.ts';
import type { PolicyResult } from '../../../server/protocol/results.ts';
import { proportion } from '../../../server/statistics/index.ts';
import { findTask, type Task } from '../../../sim/index.ts';
import { ONE_STEP, SCRIPTED_POLICY } from '../../support/scripted-policy.ts';

const TIMES = { p50: 1, p90: 2, p95: 3, p99: 4, max: 5 };
const LATENCY: PolicyResult['latencyMs'] = { chunk: TIMES, perStep: TIMES, firstCall: 9, n: 50 };

type Outcome = Partial<GridResult>;

/** The summary of rollouts on a grid, each as `outcome` says. */
function summaryOf(
  rollouts: number,
  outcome: (start: number, noise: number) => Outcome,
  objective: ObjectiveSpec = SCRIPTED_POLICY.spec.objective,
  demonstrated: Readonly<Record<string, number>> | null = { left: 9, right: 9 },
  task: Task = findTask('left-right'),
) {
  const results = rolloutGrid(rollouts).map(({ start, noise }) => ({
    start,
    noise,
    success: true,
    contact: false,
    mode: 'left',
    lifted: null,
    steps: 100,
    firstPlan: 'left',
    plans: ['left'],
    replayHash: '',
    switched: false,
    seam: NO_SQUARES,
    motion: NO_MOTION,
    ...outcome(start, noise),
  }));
  return summarize(task, results, {
    name: 'flow',
    run: null,
    about: describeTrained({ ...SCRIPTED_POLICY, spec: { ...SCRIPTED_POLICY.spec, objective } }),
    sampler: ONE_STEP,
    actionHorizon: 16,
    demonstrated,
    latencyMs: LATENCY,
  });
}

const sideOf = (number: number) => (number % 2 === 0 ? 'left' : 'right');

describe('the entropies', () => {
  it('tell one answer a start from a choice at every start', () => {
    const fixed = summaryOf(400, (start) => ({ mode: sideOf(start) }));
    const chosen = summaryOf(400, (_, noise) => ({ mode: sideOf(noise) }));
    expect(fixed.modeEntropy).toBeCloseTo(1, 12);
    expect(chosen.modeEntropy).toBeCloseTo(1, 12);
    expect(fixed.conditionalEntropy).toBe(0);
    expect(chosen.conditionalEntropy).toBe(1);
  });

  it('are of successes alone; a start without one counts as 0', () => {
    const result = summaryOf(400, (start, noise) => ({
      success: start < 10,
      mode: sideOf(noise),
    }));
    expect(result.conditionalEntropy).toBe(0.5);
    expect(result.modes).toEqual({ left: 100, right: 100 });
    const failuresDiffer = summaryOf(400, (_, noise) => ({
      success: sideOf(noise) === 'left',
      mode: sideOf(noise),
    }));
    expect(failuresDiffer.conditionalEntropy).toBe(0);
    expect(failuresDiffer.modeEntropy).toBe(0);
  });

  it('of the marginal come with an interval around them', () => {
    const { modeEntropy, modeEntropyCi95 } = summaryOf(100, (start, noise) => ({
      mode: noise < 2 + (start % 3) ? 'right' : 'left',
    }));
    expect(modeEntropyCi95[0]).toBeLessThan(modeEntropy);
    expect(modeEntropyCi95[1]).toBeGreaterThan(modeEntropy);
    expect(modeEntropyCi95[0]).toBeGreaterThan(0.6);
    expect(modeEntropyCi95[1]).toBeLessThanOrEqual(1);
    // One side a start: ten draws, not a hundred.
    const fixed = summaryOf(100, (start) => ({ mode: start < 3 ? 'right' : 'left' }));
    expect(fixed.modeEntropyCi95[0]).toBeLessThan(0.5);
  });
});

it('one side only is one bit away from demonstrations of both', () => {
  expect(summaryOf(100, () => ({})).klToDemos).toBe(1);
  expect(summaryOf(100, (_, noise) => ({ mode: sideOf(noise) })).klToDemos).toBe(0);
});

it('one side only is what demonstrations of that side ask for', () => {
  const klTo = (demonstrated: Readonly<Record<string, number>> | null) =>
    summaryOf(100, () => ({}), { kind: 'flow' }, demonstrated).klToDemos;
  expect(klTo({ left: 7, right: 0 })).toBe(0);
  expect(klTo({ left: 3, right: 1 })).toBeCloseTo(Math.log2(4 / 3), 12);
  expect(klTo({ left: 0, right: 7 })).toBeNull();
  expect(klTo(null)).toBeNull();
});

describe('of a task with another number of modes', () => {
  /** Rollouts of 8 starts × 8 noises, each in the mode with the number of its noise. */
  function ofModes(names: readonly string[], demonstrated: Readonly<Record<string, number>>) {
    const modes = names.map((name) => ({ name, label: name, colour: 0xffffff }));
    const task: Task = { ...findTask('left-right'), modes };
    const shown = (_: number, noise: number) => ({ mode: names[noise % names.length] });
    return summaryOf(64, shown, { kind: 'flow' }, demonstrated, task);
  }
  const once = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 1]));

  it('with one there is nothing to choose: no entropy, and no distance to the demonstrations', () => {
    const result = ofModes(['only'], once(['only']));
    expect(result.modes).toEqual({ only: 64 });
    expect(result).toMatchObject({ modeEntropy: 0, conditionalEntropy: 0, klToDemos: 0 });
    expect(result.modeEntropyCi95).toEqual([0, 0]);
  });

  it('with eight the entropy is in units of log 8, and every mode is counted in its order', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const result = ofModes(names, once(names));
    expect(Object.entries(result.modes)).toEqual(names.map((name) => [name, 8]));
    expect(result.modeEntropy).toBeCloseTo(1, 12);
    expect(result.conditionalEntropy).toBe(1);
    expect(result.klToDemos).toBeCloseTo(0, 12);
  });

  it('with a mode nobody demonstrated there is no distance to the demonstrations', () => {
    const names = ['left', 'middle', 'right'];
    expect(ofModes(names, { left: 4, right: 4 }).klToDemos).toBeNull();
    expect(ofModes(['left', 'right'], { left: 4, right: 4, middle: 4 }).klToDemos).toBe(0);
  });
});

it('without a success nothing is said that takes one', () => {
  const result = summaryOf(9, () => ({ success: false, contact: true, mode: null }));
  expect(result.success).toMatchObject({ k: 0, n: 9, rate: 0 });
  expect(result.contact).toMatchObject({ k: 9, n: 9, rate: 1 });
  expect(result.modes).toEqual({ left: 0, right: 0 });
  expect(result.klToDemos).toBeNull();
  expect(result.stepsToSuccess).toBeNull();
  expect(result.modeEntropy).toBe(0);
  expect(result.conditionalEntropy).toBe(0);
});

it('the steps to success are those of successes', () => {
  const result = summaryOf(4, (start) => ({ success: start === 0, steps: start === 0 ? 80 : 160 }));
  expect(result.stepsToSuccess).toBe(80);
});

it('first plans are counted by what they do at the obstacle', () => {
  const plans = ['invalid', 'left', null, 'invalid'];
  const result = summaryOf(4, (start, noise) => ({ firstPlan: plans[2 * start + noise] }));
  expect(result.firstPlans).toEqual({ invalid: 2, left: 1, none: 1 });
  expect(result.invalidMiddle).toMatchObject({ k: 2, n: 4 });
});

it('the jump at seams is the root mean square over all seams and joints', () => {
  const result = summaryOf(4, (start) => ({
    switched: start === 0,
    seam: start === 0 ? { squares: 0.07, count: 7 } : { squares: 0.14, count: 21 },
  }));
  expect(result.seamJump).toBeCloseTo(Math.sqrt(0.42 / 56), 12);
  expect(result.modeSwitchRate).toBe(0.5);
});

it('says what was compared', () => {
  expect(summaryOf(1, () => ({}))).toMatchObject({
    name: 'flow',
    run: null,
    sampler: 'euler',
    nfe: 1,
    actionHorizon: 16,
    latencyMs: LATENCY,
  });
});

it('a policy without noise is as sure as its starts are many, not its rollouts', () => {
  const { success } = summaryOf(100, () => ({}), { kind: 'regression' });
  expect(success).toMatchObject({ k: 100, n: 100 });
  expect(success.ci95).toEqual(proportion(10, 10).ci95);
});
