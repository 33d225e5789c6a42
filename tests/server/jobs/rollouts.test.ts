import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type ComparisonPlan, planComparison } from '../../../server/evaluation/comparison.ts';
import { rollOutInParallel } from '../../../server/jobs/rollouts.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000 });

let plan: ComparisonPlan;

beforeAll(async () => {
  const policies = [
    { policy: { kind: 'shipped', name: 'l2' } as const },
    { policy: { kind: 'shipped', name: 'flow' } as const },
  ];
  plan = await planComparison(await temporaryWorkspace(), { policies, rollouts: 5, seed: 0 });
});

const inputs = () => plan.contenders.map(({ input }) => input);

describe('rollouts in processes of their own', () => {
  it('give the same results in one as in three, in the order of the cells', async () => {
    const alone = await rollOutInParallel(inputs(), plan.grid, { processes: 1, batch: 2 });
    let ended = 0;
    const shared = await rollOutInParallel(inputs(), plan.grid, {
      processes: 3,
      batch: 2,
      onProgress: (count) => {
        ended = count;
      },
    });
    expect(shared).toEqual(alone);
    expect(ended).toBe(2 * plan.grid.length);
    for (const results of shared.results) {
      expect(results.map(({ start, noise }) => ({ start, noise }))).toEqual(plan.grid);
    }
    expect(shared.results[0]).not.toEqual(shared.results[1]);
  });

  it('end when they are told to', async () => {
    const stop = new AbortController();
    const work = rollOutInParallel(inputs(), plan.grid, {
      batch: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: 'conflict' });
  });
});
