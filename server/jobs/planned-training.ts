import type { GridRun } from '../grids/plan-grid.ts';
import { findRun, isDone } from '../grids/survey-grid.ts';
import { StoppedError } from '../protocol/errors.ts';
import type { Run } from '../protocol/runs.ts';
import { checkDatasetThere } from '../storage/run-dataset.ts';
import { LOST_WITHIN } from '../storage/run-store.ts';
import type { Workspace } from '../storage/workspace.ts';
import { UNTRAINED } from '../training/create-run.ts';
import { untilAborted } from './parallel.ts';
import { startWork } from './process.ts';

export interface PlannedTrainingOptions {
  /** Stops it with a checkpoint. */
  readonly ending?: AbortSignal | undefined;
  /** Ends it at once. */
  readonly lost?: AbortSignal | undefined;
  /** Told how many steps have been made, of those of the whole training. */
  readonly onStep?: ((step: number) => void) | undefined;
}

/** What became of a training that was to be brought to its end. */
export interface PlannedTraining {
  readonly run: Run;
  /** That were made now. */
  readonly steps: number;
}

/**
 * Trains a planned run in a child process, from its last checkpoint, whoever wrote it, or from nothing.
 * One that is done is left as it is, once its weights are known to be whole.
 *
 * @returns where `ending` aborts, a run that is stopped, with its last checkpoint
 * @throws ProtocolError as `trainRun`; 'conflict' also where this is another program
 * @throws StoppedError where `lost` aborts
 */
export async function trainPlanned(
  { runs, datasets, place }: Workspace,
  grid: GridRun,
  { ending, lost, onStep = () => {} }: PlannedTrainingOptions = {},
): Promise<PlannedTraining> {
  const { id, planned } = grid;
  const known = await findRun(runs, grid);
  if (known && isDone(known)) {
    await runs.readCheckpoint(id);
    return { run: known, steps: 0 };
  }
  await checkDatasetThere(datasets, planned.run.dataset);
  if (ending?.aborted || lost?.aborted) throw new StoppedError();
  const before = known ?? (await runs.establish(id, { ...planned.run, ...UNTRAINED }));
  const { code, physics, engine } = planned;
  const input = {
    place: { ...place, engine },
    run: id,
    by: { code, physics },
    patienceMs: LOST_WITHIN,
  };
  const work = startWork('train', input, (at) => {
    if ('step' in at) onStep(at.step);
  });
  ending?.addEventListener('abort', work.stop);
  try {
    const run = await untilAborted(work, lost);
    return { run, steps: Math.max(0, run.step - before.step) };
  } finally {
    ending?.removeEventListener('abort', work.stop);
  }
}
