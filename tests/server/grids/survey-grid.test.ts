import { describe, expect, it } from 'vitest';
import { findRun, surveyGrid, timeLeft } from '../../../server/grids/survey-grid.ts';
import type { Run } from '../../../server/protocol/runs.ts';
import { smallGrid, withRun } from '../../support/grids.ts';
import { workspaceWithPair } from '../../support/pair.ts';
import { FRESH_RUN } from '../../support/runs.ts';

const workspace = await workspaceWithPair();
const { runs } = workspace;

describe('the survey of a grid', () => {
  it('tells what has not begun, what was interrupted and what cannot be used', async () => {
    const grid = await smallGrid(workspace, { seeds: [0, 1, 2] });
    // Its process has ended without a word.
    await withRun(workspace, grid[1], { status: 'running', pid: 1, step: 0 });
    // Its checkpoint is gone.
    await withRun(workspace, grid[2], { status: 'done', step: 6 });
    const [missing, interrupted, damaged] = await surveyGrid(runs, grid);
    expect(missing).toMatchObject({ run: null, problem: null });
    expect(interrupted).toMatchObject({ run: { status: 'interrupted' }, problem: null });
    expect(damaged.run).toBeNull();
    expect(damaged.problem).toMatch(/expected the one of step 6, got none/);
  });

  it('refuses a run that is no longer what it is named by', async () => {
    const [each] = await smallGrid(workspace, { seeds: [7] });
    const { training } = await withRun(workspace, each, { step: 6, status: 'done' });
    await runs.update(each.id, { training: { ...training, steps: 60 } });
    await expect(findRun(runs, each)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/of 6 steps, got one of 60 steps, as --resume set; throw/),
    });
  });

  it('is taken up once, whoever comes first', async () => {
    const [each] = await smallGrid(workspace, { seeds: [8] });
    const made = await Promise.all([withRun(workspace, each), withRun(workspace, each)]);
    expect(made[1]).toEqual(made[0]);
    await runs.update(each.id, { step: 3 });
    expect((await withRun(workspace, each)).step).toBe(3);
  });
});

describe('the time that is left', () => {
  const runOf = (step: number, seconds: number, change: Partial<Run> = {}): Run => {
    const named = { id: 'some', createdAt: '2026-01-01T00:00:00Z', status: 'done' } as const;
    return { ...FRESH_RUN, ...named, step, seconds, ...change };
  };

  it('is that of the steps left at the pace of their like, by as many as train', async () => {
    const grid = await smallGrid(workspace, { policies: ['flow', 'l2'], seeds: [0, 1, 2] });
    const far = [
      runOf(6, 60),
      runOf(3, 30, { status: 'running' }),
      null,
      runOf(2, 4, { policy: 'l2', status: 'running' }),
      null,
      null,
    ];
    const rows = grid.map(({ planned }, i) => ({ planned, run: far[i] }));
    // Flow, 10 s a step: 30 and 60; L2, 2 s a step: 8, 12 and 12; by two.
    expect(timeLeft(rows)).toBe((30 + 60 + 8 + 12 + 12) / 2);
  });

  it('is at least that of the longest, and nobody knows it before a step', async () => {
    const grid = await smallGrid(workspace, { seeds: [0, 1] });
    const rows = [runOf(0, 0), null].map((run, i) => ({ planned: grid[i].planned, run }));
    expect(timeLeft(rows)).toBeNull();
    const two = [runOf(3, 3, { status: 'running' }), runOf(0, 0, { status: 'running' })];
    const longest = two.map((run, i) => ({ planned: grid[i].planned, run }));
    expect(timeLeft(longest)).toBe(6);
  });
});
