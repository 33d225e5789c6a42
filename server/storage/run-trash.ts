/** Runs that were thrown away and may be had back. */
import type { Lock } from '../../demos/files/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Run } from '../protocol/runs.ts';
import type { RunStore } from './run-store.ts';
import { Trash } from './trash.ts';

/**
 * Moves a run to the trash.
 *
 * @returns what `restoreRun` takes
 * @throws ProtocolError 'not-found'; 'conflict' for a run that waits or is trained
 */
export async function trashRun(runs: RunStore, id: string): Promise<string> {
  await runs.locate(id);
  return new Trash(runs.root, 'run').put(id, async () => {
    const path = await runs.locate(id);
    const lock = await holdAtRest(runs, id);
    return { path, moved: (now) => lock.release(now) };
  });
}

/**
 * Takes a run out of the trash.
 *
 * @param entry as `trashRun` returned it
 * @throws ProtocolError 'not-found'; 'exists' where there is a run of that id again
 */
export function restoreRun(runs: RunStore, entry: string): Promise<Run> {
  return new Trash(runs.root, 'run').restore(entry, async (id) => {
    await runs.recoverRun(id);
    return runs.read(id);
  });
}

/**
 * Holds a run that nobody trains or waits to train.
 *
 * @throws ProtocolError 'not-found', 'conflict'
 */
export async function holdAtRest(runs: RunStore, id: string): Promise<Lock> {
  try {
    return await runs.hold(id);
  } catch (cause) {
    if (!(cause instanceof ProtocolError) || cause.code !== 'conflict') throw cause;
    throw new ProtocolError(
      'conflict',
      `run ${id}: expected one at rest, got one that waits or is trained; stop it first`,
      { cause },
    );
  }
}
