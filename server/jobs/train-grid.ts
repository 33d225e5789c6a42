import { availableParallelism } from 'node:os';
import { reportError } from '../error-report.ts';
import type { GridRun } from '../grids/plan-grid.ts';
import { isDone, surveyGrid } from '../grids/survey-grid.ts';
import { StoppedError } from '../protocol/errors.ts';
import type { Workspace } from '../storage/workspace.ts';
import { limitConcurrency } from './parallel.ts';
import { trainPlanned } from './planned-training.ts';

export interface GridOptions {
  /** Trainings at once, each in a child process. @default as many as there are cores */
  readonly processes?: number | undefined;
  /** Told once how many trainings there are to do, and how many steps they have left. */
  readonly onBegin?:
    | ((todo: { readonly runs: number; readonly steps: number }) => void)
    | undefined;
  readonly onProgress?: ((progress: GridProgress) => void) | undefined;
  /** Stops what is under way with a checkpoint, and begins no other. */
  readonly signal?: AbortSignal | undefined;
}

export interface GridProgress {
  /** Steps made since it began. */
  readonly steps: number;
  /** Trainings that have ended. */
  readonly ended: number;
}

/** A training that did not come to its end, and why. */
export interface GridFailure {
  readonly id: string;
  readonly reason: string;
}

/**
 * Trains what of a grid is not trained yet, in child processes. A training that fails ends no other.
 *
 * @returns those that failed
 * @throws StoppedError where `signal` aborts; the same call goes on from the checkpoints
 */
export async function trainGrid(
  workspace: Workspace,
  grid: readonly GridRun[],
  {
    processes = availableParallelism(),
    onBegin = () => {},
    onProgress = () => {},
    signal,
  }: GridOptions = {},
): Promise<GridFailure[]> {
  const { todo, failures, made } = await beginGrid(workspace, grid, onBegin, onProgress);
  const tasks = todo.map((each) => async (ending: AbortSignal) => {
    try {
      const onStep = (step: number) => made.reach(each.id, step);
      const { run } = await trainPlanned(workspace, each, { ending, onStep });
      if (!isDone(run)) throw new StoppedError();
      made.end(each.id, run.step);
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      failures.push({ id: each.id, reason: reportError(error).message });
    }
  });
  await limitConcurrency(processes, tasks, signal);
  return failures;
}

/** What of a grid is left to do, what of it cannot be done, and the account of its steps. */
export async function beginGrid(
  { runs }: Workspace,
  grid: readonly GridRun[],
  onBegin: NonNullable<GridOptions['onBegin']>,
  onProgress: NonNullable<GridOptions['onProgress']>,
): Promise<{ todo: GridRun[]; failures: GridFailure[]; made: MadeSteps }> {
  const rows = await surveyGrid(runs, grid);
  const failures = rows.flatMap(({ id, problem }) =>
    problem === null ? [] : [{ id, reason: problem }],
  );
  const todo = rows.filter(({ run, problem }) => problem === null && !(run && isDone(run)));
  const steps = todo.map(({ planned, run }) => planned.run.training.steps - (run?.step ?? 0));
  onBegin({ runs: todo.length, steps: steps.reduce((sum, each) => sum + each, 0) });
  const from = new Map(todo.map(({ id, run }) => [id, run?.step ?? 0]));
  return { todo, failures, made: new MadeSteps(from, onProgress) };
}

/** How many steps have been made, over all trainings of a grid. */
export class MadeSteps {
  readonly #from: ReadonlyMap<string, number>;
  readonly #at: Map<string, number>;
  readonly #onProgress: (progress: GridProgress) => void;
  #ended = 0;

  constructor(from: ReadonlyMap<string, number>, onProgress: (progress: GridProgress) => void) {
    this.#from = from;
    this.#at = new Map(from);
    this.#onProgress = onProgress;
  }

  /** One that goes on from its last checkpoint repeats some: they count once. */
  reach(id: string, step: number): void {
    this.#at.set(id, Math.max(step, this.#at.get(id) ?? 0));
    this.#tell();
  }

  end(id: string, step: number): void {
    this.#ended++;
    this.reach(id, step);
  }

  #tell(): void {
    let steps = 0;
    for (const [id, at] of this.#at) steps += at - (this.#from.get(id) ?? 0);
    this.#onProgress({ steps, ended: this.#ended });
  }
}
