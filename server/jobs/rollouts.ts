import type { GridCell, GridResult } from '../evaluation/evaluate.ts';
import type { EvaluationInput, EvaluationPart } from '../evaluation/input.ts';
import { limitConcurrency, multiples, untilAborted, worthwhileProcesses } from './parallel.ts';
import { startWork, type WorkOptions } from './process.ts';

/** Rollouts that advance together where nothing else is said. */
export const BATCH = 25;

/** How many rollouts take as long as a process to start and its policies to open. */
export const ROLLOUTS_OF_A_START = 10;

export interface RolloutOptions extends WorkOptions {
  /** Told the number of ended rollouts of all inputs together. */
  readonly onProgress?: ((ended: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Child processes at once. @default as many as there are cores, and no more than pay off */
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
    processes = worthwhileProcesses(inputs.length * cells.length, ROLLOUTS_OF_A_START),
    batch = BATCH,
    background = false,
  }: RolloutOptions,
): Promise<RolledOut> {
  const parts = splitUp(inputs, cells, processes);
  const shares = Array.from({ length: processes }, (_, i) =>
    parts.filter(({ process }) => process === i),
  ).filter(({ length }) => length > 0);
  const ended = shares.map(() => 0);
  const tasks = shares.map((share, i) => (ending: AbortSignal) => {
    const onEnded = (count: number) => {
      ended[i] = count;
      onProgress(ended.reduce((sum, each) => sum + each));
    };
    const work = startWork('rollouts', { parts: share, batch }, onEnded, { background });
    return untilAborted(work, ending);
  });
  const done = await limitConcurrency(processes, tasks, signal);
  const results = inputs.map((input) =>
    parts
      .filter((part) => part.input === input)
      .flatMap((part) => done[part.process].results[shares[part.process].indexOf(part)]),
  );
  return { results, engine: done[0]?.engine ?? '' };
}

interface Part extends EvaluationPart {
  /** Which of the processes rolls it out. */
  readonly process: number;
}

/**
 * Parts as large as each other, in the order of inputs and cells. As processes take long to start,
 * there are no more of them than may run at once, and each has a part of every policy.
 */
function splitUp(
  inputs: readonly EvaluationInput[],
  cells: readonly GridCell[],
  processes: number,
): Part[] {
  const size = Math.ceil(cells.length / processes);
  return inputs.flatMap((input, index) =>
    multiples(size, cells.length).map((from, i) => ({
      input,
      cells: cells.slice(from, from + size),
      // The last part of a policy may be smaller: not always by the same process.
      process: (index + i) % processes,
    })),
  );
}
