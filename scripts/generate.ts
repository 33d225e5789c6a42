import { startWork } from '../server/jobs/process.ts';
import type { DatasetSummary, GenerateRequest } from '../server/protocol/datasets.ts';
import type { Place } from '../server/storage/workspace.ts';
import { interruptible } from './interrupt.ts';
import { startProgress } from './progress.ts';

/** Generates a dataset in a child process, with a progress line; Ctrl-C keeps what is committed. */
export async function generateWithProgress(
  place: Place,
  request: GenerateRequest,
): Promise<DatasetSummary> {
  const progress = startProgress('demonstrations', request.episodes);
  try {
    return await interruptible('stopping; what is committed stays', (signal) => {
      const work = startWork('generate', { place, request }, (done) => progress.update(done));
      signal.addEventListener('abort', () => work.stop());
      return work.result;
    });
  } finally {
    progress.stop();
  }
}
