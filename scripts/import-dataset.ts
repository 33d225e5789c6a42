import { bringIn } from '../server/jobs/import.ts';
import type { Imported, ImportRequest } from '../server/protocol/datasets.ts';
import { StoppedError } from '../server/protocol/errors.ts';
import type { Place } from '../server/storage/workspace.ts';
import { interruptible } from './interrupt.ts';
import { ProgressInTurn } from './progress.ts';

/** Takes a dataset in by a child process, with a progress line; after Ctrl-C nothing of it stays. */
export async function importWithProgress(place: Place, request: ImportRequest): Promise<Imported> {
  const progress = new ProgressInTurn();
  try {
    return await interruptible('stopping; nothing of it is kept', async (signal) => {
      try {
        return await bringIn(place, request, {
          onProgress: ({ done, total }) => progress.show('imported', total, done),
          signal,
        });
      } catch (error) {
        throw signal.aborted ? new StoppedError() : error;
      }
    });
  } finally {
    progress.stop();
  }
}
