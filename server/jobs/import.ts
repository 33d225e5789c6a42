import type { Imported, ImportProgress, ImportRequest } from '../protocol/datasets.ts';
import type { Place } from '../storage/workspace.ts';
import { startWork } from './process.ts';

/** The longest that a sound dataset may take from one episode to the next, ms: a file of a million frames. */
const SILENT_MS = 120_000;
/** What one of ten thousand episodes takes several times over; lies of a file's sizes end here. */
const HEAP_MIB = 2048;

/**
 * Takes a dataset in by a child process, which ends where a damaged file would keep it for ever.
 *
 * @throws ProtocolError with the code of what was wrong; 'failed' where it falls silent or needs too much
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
  const work = startWork('import', { place, request }, onProgress, { silentMs, heapMiB: HEAP_MIB });
  signal?.addEventListener('abort', () => work.stop());
  return work.result;
}
