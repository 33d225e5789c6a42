import { availableParallelism } from 'node:os';
import type { GridCell, GridResult } from '../lab/evaluate.ts';
import type { EvaluationInput } from '../lab/work.ts';
import { limitConcurrency, multiples, untilAborted } from './parallel.ts';
import { startWork, type WorkOptions } from './process.ts';

/** Rollouts that advance together where nothing else is said. */
export const BATCH = 25;

export interface RolloutOptions extends WorkOptions {
  /** Told the number of ended rollouts of all inputs together. */
  readonly onProgress?: ((ended: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Child processes at once. @default as many as there are cores */
  readonly processes?: number | undefined;
  /** Rollouts that advance together and share one network call. @default BATCH */
  readonly batch?: number | undefined;
}

/** Rollouts of all inputs, each over all cells. */
export interface RolledOut {
  /** By input, in the order of the cells. */
  readonly results: readonly (readonly GridResult[])[];
  readonly engine: string;
}

/**
 * Rolls policies out over the same cells, in child processes.
 *
 * @throws ProtocolError 'conflict' where `signal` aborts
 */
export async function rollOutInParallel(
  inputs: readonly EvaluationInput[],
  cells: readonly GridCell[],
  {
    onProgress = () => {},
    signal,
    processes = availableParallelism(),
    batch = BATCH,
    background = false,
  }: RolloutOptions,
): Promise<RolledOut> {
  // Whole batches, and no more parts than processes: each pays for a start of its own.
  const part = batch * Math.ceil(cells.length / processes / batch);
  const ended: number[] = [];
  let engine = '';
  const rollOutPart = async (index: number, from: number, ending: AbortSignal) => {
    const slot = ended.push(0) - 1;
    const work = startWork(
      'rollouts',
      { ...inputs[index], cells: cells.slice(from, from + part), batch },
      (count) => {
        ended[slot] = count;
        onProgress(ended.reduce((sum, each) => sum + each));
      },
      { background },
    );
    const { results, engine: name } = await untilAborted(work, ending);
    engine = name;
    return { index, results };
  };
  const tasks = inputs.flatMap((_, index) =>
    multiples(part, cells.length).map(
      (from) => (ending: AbortSignal) => rollOutPart(index, from, ending),
    ),
  );
  const parts = await limitConcurrency(processes, tasks, signal);
  const results = inputs.map((_, index) =>
    parts.flatMap((each) => (each.index === index ? each.results : [])),
  );
  return { results, engine };
}
