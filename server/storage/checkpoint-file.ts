import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../demos/files/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { CHECKPOINT_FILE, type RunStore } from './run-store.ts';

/** A file to be sent as it was when it was opened: checkpoints are replaced, never changed. */
export interface CheckpointFile {
  readonly bytes: number;
  /** For who opened it to close. */
  readonly file: FileHandle;
}

/**
 * Opens the last checkpoint of a run.
 *
 * @throws ProtocolError 'not-found' for no such run; 'conflict' where it has no checkpoint yet;
 *         'damaged' for what is no file, or larger than any checkpoint
 */
export async function openCheckpoint(runs: RunStore, id: string): Promise<CheckpointFile> {
  const path = join(await runs.locate(id), CHECKPOINT_FILE);
  const file = await openRegular(id, path);
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size === 0 || stat.size > LIMITS.downloadBytes) {
      const got = stat.isFile() ? `${stat.size} bytes` : 'something else';
      throw new ProtocolError(
        'damaged',
        `run ${id}: expected ${CHECKPOINT_FILE} to be a file of 1 to ${LIMITS.downloadBytes} ` +
          `bytes, got ${got}; train it again`,
      );
    }
    return { bytes: stat.size, file };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openRegular(id: string, path: string): Promise<FileHandle> {
  try {
    // A link is refused, and a pipe does not keep one waiting for who writes to it.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    return await open(path, flags);
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT')) {
      throw new ProtocolError(
        'conflict',
        `run ${id}: expected a checkpoint, got none yet; wait for its first one`,
        { cause },
      );
    }
    if (!isSystemError(cause, 'ELOOP', 'ENXIO', 'EACCES', 'EISDIR')) throw cause;
    throw new ProtocolError(
      'damaged',
      `run ${id}: expected ${CHECKPOINT_FILE} to be a file that can be read, got ` +
        `${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
