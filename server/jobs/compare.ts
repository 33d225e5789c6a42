import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { concludeComparison, type Measured, planComparison } from '../lab/comparison.ts';
import type { Workspace } from '../lab/workspace.ts';
import type { CompareRequest } from '../protocol/compare.ts';
import type { Comparison } from '../protocol/results.ts';
import { limitConcurrency, multiples, untilAborted } from './parallel.ts';
import { startWork, type WorkOptions } from './process.ts';

/** Rollouts that advance together and share one network call. */
const BATCH = 25;

export interface CompareOptions extends WorkOptions {
  /** Told the number of ended rollouts of all policies together. */
  readonly onProgress?: (ended: number) => void;
  readonly signal?: AbortSignal;
  /** Child processes at once. @default as many as there are cores */
  readonly processes?: number;
}

/**
 * Compares policies on the same starts, noise seeds and action horizon, on all cores.
 *
 * @throws ProtocolError, SpecError; ProtocolError 'conflict' where `signal` aborts
 * @cost about 0.1 s a rollout and core
 */
export async function compare(
  workspace: Workspace,
  request: CompareRequest,
  {
    onProgress = () => {},
    signal,
    processes = availableParallelism(),
    background = false,
  }: CompareOptions = {},
): Promise<Comparison> {
  const began = performance.now();
  const plan = await planComparison(workspace, request);
  const { contenders, grid } = plan;
  // Whole batches, and no more parts than processes: each pays for a start of its own.
  const part = BATCH * Math.ceil(grid.length / processes / BATCH);
  const ended: number[] = [];
  let engine = '';
  const rollOutPart = async (contender: number, from: number, ending: AbortSignal) => {
    const { input } = contenders[contender];
    const slot = ended.push(0) - 1;
    const work = startWork(
      'rollouts',
      { ...input, cells: grid.slice(from, from + part), batch: BATCH },
      (count) => {
        ended[slot] = count;
        onProgress(ended.reduce((sum, each) => sum + each));
      },
      { background },
    );
    const { results, engine: name } = await untilAborted(work, ending);
    engine = name;
    return { contender, results };
  };
  const parts = await limitConcurrency(
    processes,
    contenders.flatMap((_, contender) =>
      multiples(part, grid.length).map(
        (from) => (ending: AbortSignal) => rollOutPart(contender, from, ending),
      ),
    ),
    signal,
  );
  const measured: Measured[] = [];
  for (const [i, { input }] of contenders.entries()) {
    // One after the other, with nothing else running: these are the times a robot would see.
    const latencyMs = await untilAborted(startWork('latency', input), signal);
    const own = parts.filter(({ contender }) => contender === i);
    measured.push({ results: own.flatMap(({ results }) => results), latencyMs });
  }
  const seconds = (performance.now() - began) / 1000;
  return concludeComparison(plan, measured, { engine, batch: BATCH, seconds });
}
