import type { RolloutOptions } from '../server/jobs/rollouts.ts';
import { interruptible } from './interrupt.ts';
import { startProgress } from './progress.ts';

/**
 * Rollouts with a progress bar, which Ctrl-C ends.
 *
 * @param total rollouts of all policies together
 */
export async function withRolloutProgress<T>(
  total: number,
  run: (options: RolloutOptions) => Promise<T>,
): Promise<T> {
  const progress = startProgress('rollouts', total);
  try {
    return await interruptible('stopping', (signal) =>
      run({ onProgress: (ended) => progress.update(ended), signal }),
    );
  } finally {
    progress.stop();
  }
}
