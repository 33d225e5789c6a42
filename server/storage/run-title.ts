import type { Run } from '../protocol/runs.ts';
import type { RunStore } from './run-store.ts';
import { holdAtRest } from './run-trash.ts';

/**
 * Gives a run a name for people, beside its id.
 *
 * @param title null for none
 * @throws ProtocolError 'not-found', 'damaged'; 'conflict' for a run that waits or is trained: who
 *         trains it writes the same file
 */
export async function renameRun(runs: RunStore, id: string, title: string | null): Promise<Run> {
  const lock = await holdAtRest(runs, id);
  try {
    return await runs.update(id, { title: title ?? undefined });
  } finally {
    await lock.release();
  }
}
