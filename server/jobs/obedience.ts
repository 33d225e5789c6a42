import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { concludeObedience, type ObedienceRequest, planObedience } from '../lab/obedience.ts';
import type { Workspace } from '../lab/workspace.ts';
import type { ObedienceReport } from '../protocol/results.ts';
import type { CompareOptions } from './compare.ts';
import { limitConcurrency, multiples, untilAborted } from './parallel.ts';
import { startWork } from './process.ts';

/** Rollouts that advance together and share one network call. */
const BATCH = 25;

/**
 * Tells a policy what to do and sees whether it does it, at several guidance scales, on all cores.
 *
 * @throws ProtocolError, SpecError; ProtocolError 'conflict' where `signal` aborts
 * @cost about 0.2 s a rollout and core
 */
export async function judgeObedience(
  workspace: Workspace,
  request: ObedienceRequest,
  {
    onProgress = () => {},
    signal,
    processes = availableParallelism(),
    background = false,
  }: CompareOptions = {},
): Promise<ObedienceReport> {
  const began = performance.now();
  const plan = await planObedience(workspace, request);
  const { cells, inputs } = plan;
  const part = BATCH * Math.ceil(cells.length / processes / BATCH);
  const ended: number[] = [];
  let engine = '';
  const tasks = inputs.flatMap((input, scale) =>
    multiples(part, cells.length).map((from) => async (ending: AbortSignal) => {
      const slot = ended.push(0) - 1;
      const work = startWork(
        'rollouts',
        { ...input, cells: cells.slice(from, from + part), batch: BATCH },
        (count) => {
          ended[slot] = count;
          onProgress(ended.reduce((sum, each) => sum + each));
        },
        { background },
      );
      const { results, engine: name } = await untilAborted(work, ending);
      engine = name;
      return { scale, results };
    }),
  );
  const parts = await limitConcurrency(processes, tasks, signal);
  const results = inputs.map((_, scale) =>
    parts.flatMap((each) => (each.scale === scale ? each.results : [])),
  );
  const seconds = (performance.now() - began) / 1000;
  return concludeObedience(plan, results, { engine, seconds });
}
