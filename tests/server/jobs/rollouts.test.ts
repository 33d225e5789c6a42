import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type ComparisonPlan, planComparison } from '../../../server/evaluation/comparison.ts';
import { rollOutInParallel } from '../../../server/jobs/rollouts.ts';
import { lendPrograms } from '../../support/programs.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000 });

let plan: ComparisonPlan;

beforeAll(async () => {
  const policies = [
    { policy: { kind: 'shipped', name: 'l2' } as const },
    { policy: { kind: 'shipped', name: 'flow' } as const },
  ];
  const workspace = await temporaryWorkspace();
  await lendPrograms(workspace.place.data);
  plan = await planComparison(workspace, { policies, rollouts: 5, seed: 0 });
});

describe('rollouts in processes of their own', () => {
  it('give the same results in one as in three, in the order of the cells', async () => {
    const alone = await rollOutInParallel(plan.inputs, plan.cells, { processes: 1, batch: 2 });
    let ended = 0;
    const shared = await rollOutInParallel(plan.inputs, plan.cells, {
      processes: 3,
      batch: 2,
      onProgress: (count) => {
        ended = count;
      },
    });
    expect(shared).toEqual(alone);
    expect(ended).toBe(2 * plan.cells.length);
    for (const results of shared.results) {
      expect(results.map(({ start, noise }) => ({ start, noise }))).toEqual(plan.cells);
    }
    expect(shared.results[0]).not.toEqual(shared.results[1]);
  });

  it('end when they are told to', async () => {
    const stop = new AbortController();
    const work = rollOutInParallel(plan.inputs, plan.cells, {
      batch: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: 'conflict' });
  });
});
