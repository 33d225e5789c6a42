import { cp, mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { isSystemError } from '../demos/store/index.ts';
import { ProtocolError } from '../server/protocol/errors.ts';
import { copyTarget } from './paths.ts';

/**
 * Copies a dataset's files; locks and staging stay behind.
 *
 * @returns the directory made
 * @throws ProtocolError 'exists', and what `copyTarget` throws
 */
export async function exportDataset(directory: string, out: string): Promise<string> {
  const target = await copyTarget(directory, out);
  try {
    await mkdir(target);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
    throw new ProtocolError('exists', `export: expected no ${target}, but it exists`, {
      cause: error,
    });
  }
  await cp(directory, target, {
    recursive: true,
    filter: (source) => source === directory || !basename(source).startsWith('.'),
  });
  return target;
}
