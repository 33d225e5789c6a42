import { describe, expect, it } from 'vitest';
import { NO_MOTION, NO_SQUARES } from '../../../server/acting/motion.ts';
import type { RolloutResult } from '../../../server/acting/rollout.ts';
import { concludeComparison, planComparison } from '../../../server/evaluation/comparison.ts';
import { type CompareRequest, compareRequestSchema } from '../../../server/protocol/index.ts';
import { mcnemar } from '../../../server/statistics/index.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

function requestFor(...names: string[]): CompareRequest {
  const policies = names.map((name) => ({ policy: { kind: 'shipped', name }, nfe: 2 }));
  return compareRequestSchema.parse({ policies, rollouts: 4, seed: 6 });
}

describe('a plan of a comparison', () => {
  it('gives every policy the same seed, horizon and grid', async () => {
    const workspace = await temporaryWorkspace();
    const plan = await planComparison(workspace, requestFor('diffusion', 'flow'));
    expect(plan.cells).toHaveLength(4);
    for (const { input } of plan.contenders) {
      expect(input).toMatchObject({ seed: 6, place: workspace.place });
      expect(input.actionHorizon).toBe(plan.actionHorizon);
    }
    expect(plan.contenders.map(({ sampler }) => sampler?.kind)).toEqual(['ddim', 'euler']);
  });

  it('spreads the rollouts over the starts that are asked for', async () => {
    const workspace = await temporaryWorkspace();
    const plan = await planComparison(workspace, { ...requestFor('flow'), starts: 4 });
    expect(plan.cells.map(({ start, noise }) => [start, noise])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    await expect(
      planComparison(workspace, { ...requestFor('flow'), starts: 5 }),
    ).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('until decided takes new starts first, a few at a time, and needs two policies', async () => {
    const workspace = await temporaryWorkspace();
    const until = 'decided' as const;
    const decided = { ...requestFor('l2', 'flow'), rollouts: 20, until };
    const { cells, turns } = await planComparison(workspace, decided);
    expect(cells.map(({ start }) => start)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(turns?.looks).toEqual([6, 7, 9, 11, 13, 15, 18, 20]);
    // Where fewer starts are asked for, each comes with all of its noise.
    const grid = await planComparison(workspace, { ...decided, starts: 10 });
    expect(grid.turns?.looks).toEqual([12, 14, 18, 20]);
    expect((await planComparison(workspace, requestFor('l2', 'flow'))).turns).toBeUndefined();
    await expect(planComparison(workspace, { ...requestFor('flow'), until })).rejects.toMatchObject(
      { code: 'invalid-request', message: /two policies or more/ },
    );
  });

  it('is refused for a run that does not exist', async () => {
    const request = compareRequestSchema.parse({
      policies: [{ policy: { kind: 'run', id: 'nowhere' } }],
    });
    await expect(planComparison(await temporaryWorkspace(), request)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('"nowhere"'),
    });
  });

  it('is refused for a sampler that does not fit, with those that do', async () => {
    const request = compareRequestSchema.parse({
      policies: [{ policy: { kind: 'shipped', name: 'diffusion' }, sampler: 'euler' }],
    });
    await expect(planComparison(await temporaryWorkspace(), request)).rejects.toThrow(
      'takes ddim, ddpm, dpm-solver++ or renoise, got "euler"',
    );
  });
});

describe('a conclusion', () => {
  const result = (success: boolean): RolloutResult => ({
    success,
    contact: false,
    mode: 'left',
    lifted: null,
    steps: 1,
    firstPlan: null,
    plans: [],
    replayHash: '',
    switched: false,
    seam: NO_SQUARES,
    motion: NO_MOTION,
  });
  const times = { p50: 1, p90: 1, p95: 1, p99: 1, max: 1 };
  const planTimes = { chunk: times, perStep: times, firstCall: 1, n: 1 };
  const MEASURED = { engine: 'e', batch: 2, seconds: 3 };

  it('pairs rollouts by start, every two policies once, one that is there twice by its sampler', async () => {
    const workspace = await temporaryWorkspace();
    const plan = await planComparison(workspace, requestFor('diffusion', 'flow', 'flow'));
    const successes = [
      [true, true, true, true],
      [true, false, false, false],
      [false, true, false, false],
    ];
    const comparison = concludeComparison(plan, {
      ...MEASURED,
      results: successes.map((row) =>
        plan.cells.map((cell, i) => ({ ...cell, ...result(row[i]) })),
      ),
      planTimes: successes.map(() => planTimes),
    });
    expect(comparison.paired).toMatchObject([
      { a: 'diffusion', b: 'flow:euler:2', mcnemarP: mcnemar([1, 2]) },
      { a: 'diffusion', b: 'flow:euler:2', mcnemarP: mcnemar([1, 2]) },
      { a: 'flow:euler:2', b: 'flow:euler:2', mcnemarP: mcnemar([0, 0]) },
    ]);
    expect(comparison.policies.map(({ success }) => success.k)).toEqual([4, 1, 1]);
    expect(comparison).toMatchObject({ task: 'left-right', rollouts: 4, starts: 2, seed: 6 });
    // Two starts decide nothing.
    expect(comparison.policies.map(({ letters }) => letters)).toEqual(['a', 'a', 'a']);
    expect(comparison.paired.map(({ judged }) => [judged?.verdict, judged?.pairs])).toEqual([
      ['open', 4],
      ['open', 4],
      ['open', 4],
    ]);
    // Two starts: of four pairs of signs two are as extreme as any.
    expect(comparison.leastP).toBe(0.5);
  });

  it('of policies that ended early says what each took, and what that saved', async () => {
    const workspace = await temporaryWorkspace();
    const request = { ...requestFor('l2', 'diffusion', 'flow'), rollouts: 40 };
    const plan = await planComparison(workspace, { ...request, until: 'decided', within: 0.2 });
    const cells = plan.cells.map((cell, i) => ({ ...cell, ...result(i !== 2) }));
    const comparison = concludeComparison(plan, {
      ...MEASURED,
      results: [
        plan.cells.slice(0, 12).map((cell) => ({ ...cell, ...result(false) })),
        cells,
        cells,
      ],
      planTimes: [planTimes, planTimes, planTimes],
    });
    expect(comparison).toMatchObject({ rollouts: 40, starts: 40, within: 0.2 });
    expect(comparison.ended).toEqual({ when: 'decided', taken: 92, saved: 28 });
    expect(comparison.policies.map(({ success }) => success.n)).toEqual([12, 40, 40]);
    expect(comparison.policies.map(({ letters }) => letters)).toEqual(['b', 'a', 'a']);
    const verdicts = comparison.paired.map(({ judged }) => judged?.verdict);
    expect(verdicts.slice(0, 2)).toEqual(['worse', 'worse']);
    expect(comparison.paired[0].judged?.pairs).toBeLessThanOrEqual(12);
  });

  it('tells a policy that is there twice apart by its fresh noise, where nothing else differs', async () => {
    const diffusion = { policy: { kind: 'shipped', name: 'diffusion' }, nfe: 2 };
    const policies = [diffusion, { ...diffusion, eta: 0.5 }];
    const request = compareRequestSchema.parse({ policies, rollouts: 4 });
    const plan = await planComparison(await temporaryWorkspace(), request);
    const comparison = concludeComparison(plan, {
      ...MEASURED,
      results: policies.map(() => plan.cells.map((cell) => ({ ...cell, ...result(true) }))),
      planTimes: policies.map(() => planTimes),
    });
    expect(comparison.policies.map(({ eta }) => eta)).toEqual([undefined, 0.5]);
    expect(comparison.paired).toMatchObject([
      { a: 'diffusion:ddim:2', b: 'diffusion:ddim:2 eta=0.5' },
    ]);
  });
});
