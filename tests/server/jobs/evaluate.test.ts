import { beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  Evaluation,
  EvaluationPlan,
  Measured,
} from '../../../server/evaluation/evaluation.ts';
import { evaluate } from '../../../server/jobs/evaluate.ts';
import { type RunningWork, startWork } from '../../../server/jobs/process.ts';
import { BATCH, rollOutInParallel } from '../../../server/jobs/rollouts.ts';
import type { WorkKind } from '../../../server/jobs/work.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

vi.mock('../../../server/jobs/process.ts');
vi.mock('../../../server/jobs/rollouts.ts', async (original) => ({
  ...(await original<typeof import('../../../server/jobs/rollouts.ts')>()),
  rollOutInParallel: vi.fn(async (inputs: readonly unknown[]) => ({
    results: inputs.map(() => []),
    engine: 'rolled out',
  })),
}));

const workspace = await temporaryWorkspace();
const inputs = (['l2', 'flow'] as const).map((name) => ({
  place: workspace.place,
  source: { kind: 'shipped', name } as const,
  sampler: { kind: 'euler', steps: 1 } as const,
  actionHorizon: 8,
  seed: 0,
}));

/** What is said of its measurements is all that was measured. */
function evaluationOf(
  plan: Omit<EvaluationPlan, 'inputs' | 'cells'>,
): Evaluation<string, EvaluationPlan, Measured> {
  return {
    plan: async () => ({ inputs, cells: [], ...plan }),
    conclude: (_, measured) => measured,
  };
}

/** Works under way, in the order they began, each with what ends it. */
let begun: { kind: WorkKind; end: (result: unknown) => void; killed: boolean }[];

beforeEach(() => {
  begun = [];
  vi.mocked(startWork).mockImplementation((kind) => {
    let end = (_: unknown) => {};
    let fail = (_: Error) => {};
    const result = new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
    const work = { kind, end, killed: false };
    begun.push(work);
    const kill = () => {
      work.killed = true;
      fail(new Error('killed'));
    };
    return { result, stop: () => {}, kill, command: () => {} } as RunningWork<typeof kind>;
  });
});

describe('an evaluation', () => {
  it('that times nothing starts nothing after its rollouts, and says what they ran on', async () => {
    const measured = await evaluate(evaluationOf({}), workspace, '');
    expect(measured).toMatchObject({ engine: 'rolled out', batch: BATCH, results: [[], []] });
    expect(measured).toMatchObject({ planTimes: [], loops: [] });
    expect(begun).toEqual([]);
  });

  it.each([
    ['latency', { timed: 'plans' }, 'planTimes'],
    ['control-loop', { timed: { controlHz: 20, seconds: 1 } }, 'loops'],
  ] as const)('times its policies by %s one after the other', async (kind, plan, where) => {
    const asked = evaluate(evaluationOf(plan), workspace, '');
    await until(() => begun.length === 1, 'a policy to be timed');
    begun[0].end('first');
    await until(() => begun.length === 2, 'a policy to be timed');
    begun[1].end('second');
    expect(await asked).toMatchObject({ [where]: ['first', 'second'] });
    expect(begun.map((work) => work.kind)).toEqual([kind, kind]);
    expect(vi.mocked(startWork).mock.lastCall?.[0]).toBe(kind);
  });

  it('that cannot be answered is refused before anything is rolled out', async () => {
    vi.mocked(rollOutInParallel).mockClear();
    const refused = { ...evaluationOf({}), plan: () => Promise.reject(new Error('no such run')) };
    await expect(evaluate(refused, workspace, '')).rejects.toThrow('no such run');
    expect(rollOutInParallel).not.toHaveBeenCalled();
  });

  it('ends its timing where it is asked to stop', async () => {
    const stop = new AbortController();
    const { signal } = stop;
    const asked = evaluate(evaluationOf({ timed: 'plans' }), workspace, '', { signal });
    await until(() => begun.length === 1, 'a policy to be timed');
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'conflict' });
    expect(begun.map(({ killed }) => killed)).toEqual([true]);
  });
});
