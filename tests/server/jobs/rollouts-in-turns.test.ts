import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type ComparisonPlan, planComparison } from '../../../server/evaluation/comparison.ts';
import { rollOutInParallel } from '../../../server/jobs/rollouts.ts';
import { rollOutInTurns } from '../../../server/jobs/rollouts-in-turns.ts';
import { lendPrograms } from '../../support/programs.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000 });

let plan: ComparisonPlan;

beforeAll(async () => {
  const policies = (['l2', 'flow'] as const).map((name) => ({
    policy: { kind: 'shipped' as const, name },
  }));
  const workspace = await temporaryWorkspace();
  await lendPrograms(workspace.place.data);
  plan = await planComparison(workspace, {
    policies,
    rollouts: 5,
    starts: 5,
    seed: 0,
  });
});

describe('rollouts in turns', () => {
  it('are those of all at once, to the bit, as far as each policy goes on', async () => {
    const { inputs, cells } = plan;
    const all = await rollOutInParallel(inputs, cells, { processes: 1 });
    const seen: number[][] = [];
    const progress: number[] = [];
    const turns = {
      looks: [2, 3, 5],
      goOn: (results: readonly (readonly unknown[])[]) => {
        seen.push(results.map(({ length }) => length));
        return [results[0].length < 2, true];
      },
    };
    const taken = await rollOutInTurns(inputs, cells, turns, {
      processes: 1,
      onProgress: (ended) => progress.push(ended),
    });
    expect(taken.results).toEqual([all.results[0].slice(0, 2), all.results[1]]);
    expect(taken.engine).toBe(all.engine);
    expect(seen).toEqual([
      [0, 0],
      [2, 2],
      [2, 3],
    ]);
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('end with the first turn in which nobody goes on, and take none where nobody began', async () => {
    const { inputs, cells } = plan;
    const none = { looks: [2, 5], goOn: () => [false, false] };
    expect(await rollOutInTurns(inputs, cells, none, {})).toEqual({
      results: [[], []],
      engine: '',
    });
  });
});
