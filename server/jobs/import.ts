import type { Imported, ImportProgress, ImportRequest } from '../protocol/datasets.ts';
import type { Place } from '../storage/workspace.ts';
import { startWork } from './process.ts';

/** The longest that a sound dataset may take from one episode to the next, ms: a file of a million frames. */
const SILENT_MS = 120_000;

/**
 * Takes a dataset in by a child process, which ends where a damaged file would keep it for ever.
 *
 * @throws ProtocolError with the code of what was wrong; 'failed' where it falls silent
 */
export async function bringIn(
  place: Place,
  request: ImportRequest,
  {
    onProgress,
    signal,
    silentMs = SILENT_MS,
  }: {
    onProgress?: (progress: ImportProgress) => void;
    signal?: AbortSignal;
    silentMs?: number;
  } = {},
): Promise<Imported> {
  const work = startWork('import', { place, request }, onProgress, { silentMs });
  signal?.addEventListener('abort', () => work.stop());
  return work.result;
}
