import { mkdir, rm } from 'node:fs/promises';
import { isSystemError } from '../demos/files/index.ts';
import type { Dataset } from '../demos/store/index.ts';
import { ProtocolError, StoppedError } from '../server/protocol/errors.ts';
import { interruptible } from './interrupt.ts';
import { copyTarget } from './paths.ts';

/**
 * Copies a dataset's files, each looked at; locks, staging and what others put there stay behind.
 *
 * @returns the directory made; none is left where a file is damaged, or after Ctrl-C
 * @throws ProtocolError 'exists', and what `copyTarget` throws; DatasetError 'damaged'
 */
export async function exportDataset(dataset: Dataset, out: string): Promise<string> {
  const target = await copyTarget(dataset.directory, out);
  try {
    await mkdir(target);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
    throw new ProtocolError('exists', `export: expected no ${target}, but it exists`, {
      cause: error,
    });
  }
  return interruptible('stopping; the copy is removed', async (signal) => {
    try {
      await dataset.copyTo(target, signal);
      return target;
    } catch (error) {
      await rm(target, { recursive: true, force: true });
      throw signal.aborted ? new StoppedError() : error;
    }
  });
}
