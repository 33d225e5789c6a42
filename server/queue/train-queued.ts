import { setTimeout as delay } from 'node:timers/promises';
import type { GridRun } from '../grids/plan-grid.ts';
import { findRun, isDone } from '../grids/survey-grid.ts';
import {
  beginGrid,
  type GridFailure,
  type GridOptions,
  type GridProgress,
} from '../jobs/train-grid.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Place, Workspace } from '../storage/workspace.ts';
import { type CollectOptions, collectJobs } from './collect.ts';
import { ownQueue } from './kinds/index.ts';
import { checkTrainingCarried, trainingJobOf } from './kinds/trainings.ts';
import { SharedTrainings } from './shared-training.ts';
import type { WorkQueue } from './work-queue.ts';

/** How long a shared disk may take to show here what a worker has written there, ms. */
const SHOWN_MS = 60_000;
/** Between two looks at it, ms. */
const LOOK_MS = 500;
/** Between two looks at how far trainings are, ms: they write it every 15 s. */
const STEPS_MS = 5000;

export interface QueuedGridOptions
  extends Omit<GridOptions, 'processes' | 'onProgress'>,
    Pick<CollectOptions, 'onNotice'> {
  /** Told how far it is, and how many workers there are once that is known. */
  readonly onProgress?: ((progress: GridProgress, workers: number | null) => void) | undefined;
}

/**
 * Has what of a grid is not trained yet trained by whoever takes it from a queue. One whose worker ended
 * goes on elsewhere from its last checkpoint, as often as that gets it further.
 *
 * @param workspace whose data directory the workers have, too, or whose place names a store that they have
 * @returns those that failed
 * @throws ProtocolError 'invalid-request' where one begins with what lies on one machine; 'conflict' where
 *         a worker has another data directory; 'failed' where the queue is gone
 * @throws StoppedError where `signal` aborts: what nobody has begun is taken back
 */
export async function trainQueued(
  workspace: Workspace,
  grid: readonly GridRun[],
  queue: WorkQueue,
  { onBegin = () => {}, onProgress = () => {}, onNotice, signal }: QueuedGridOptions = {},
): Promise<GridFailure[]> {
  const { runs, place } = workspace;
  for (const { planned } of grid) checkTrainingCarried(planned);
  const shared = place.store === undefined ? null : new SharedTrainings(place.store);
  const unusable = shared ? await shared.bringAll(runs, grid) : [];
  const usable = grid.filter(({ id }) => !unusable.some((each) => each.id === id));
  let workers: number | null = null;
  const begun = await beginGrid(workspace, usable, onBegin, (progress) =>
    onProgress(progress, workers),
  );
  const { todo, made } = begun;
  const failures = [...unusable, ...begun.failures];
  if (todo.length === 0) return failures;
  await shared?.offer(workspace, todo);
  /** How far each was when it was last queued. */
  const tried = new Map<string, number>();
  const open = new Set(todo);
  const stepOf = async (each: GridRun) => {
    return shared ? shared.stepOf(each) : ((await findRun(runs, each))?.step ?? 0);
  };
  for (const each of todo) tried.set(each.id, await stepOf(each));
  let looked = performance.now();
  await collectJobs<GridRun>(
    queue,
    {
      queue: await ownQueue('trainings'),
      called: 'trainings',
      items: todo,
      jobOf: trainingJobOf,
      async keep(each) {
        const began = performance.now();
        for (;;) {
          await shared?.bring(runs, each);
          const run = await findRun(runs, each);
          if (run && isDone(run)) break;
          if (performance.now() - began > SHOWN_MS) throw elsewhere(each, place);
          await delay(LOOK_MS);
        }
        open.delete(each);
        made.end(each.id, each.planned.run.training.steps);
      },
      async failed(each, reason, hopeless) {
        const step = await stepOf(each);
        const further = step > (tried.get(each.id) ?? 0);
        tried.set(each.id, step);
        if (further && !hopeless) return true;
        open.delete(each);
        failures.push({ id: each.id, reason });
        return false;
      },
    },
    {
      onNotice,
      signal,
      async onLook(count) {
        workers = count;
        if (performance.now() - looked < STEPS_MS) return;
        looked = performance.now();
        for (const each of open) made.reach(each.id, await stepOf(each));
      },
    },
  );
  return failures;
}

function elsewhere({ id }: GridRun, { data, store = data }: Place): ProtocolError {
  return new ProtocolError(
    'conflict',
    `run ${id}: expected it in ${store}, as a worker has trained it, got none that is done; workers and this ` +
      'command must have one data directory: mount it, and name it with --data; or name one --store to all',
  );
}
