import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Dataset, isSystemError } from '../demos/store/index.ts';
import { ProtocolError } from '../server/protocol/errors.ts';

/**
 * Copies a dataset's files, each looked at; locks, staging and what others put there stay behind.
 *
 * @returns the directory made; none where a file is damaged
 * @throws ProtocolError 'exists'; DatasetError 'damaged'
 */
export async function exportDataset(dataset: Dataset, out: string): Promise<string> {
  const target = resolve(out);
  try {
    await mkdir(target);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
    throw new ProtocolError('exists', `export: expected no ${target}, but it exists`, {
      cause: error,
    });
  }
  try {
    await dataset.copyTo(target);
  } catch (error) {
    await rm(target, { recursive: true, force: true });
    throw error;
  }
  return target;
}
