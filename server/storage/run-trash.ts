/**
 * Runs that were thrown away and may be had back: `<runs>/.trash/<id>.<when>`. Who throws away or
 * restores holds the trash meanwhile, so that of two that do the same the second finds it done.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  acquireLock,
  ensureDirectory,
  isSystemError,
  type Lock,
  makeDirectory,
  placeDirectory,
} from '../../demos/files/index.ts';
import { NAME_PATTERN } from '../../policies/config/names.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Run } from '../protocol/runs.ts';
import type { RunStore } from './run-store.ts';

const TRASH = '.trash';
const TRASH_ID = new RegExp(`^(${NAME_PATTERN})\\.\\d{8}T\\d{9}Z$`);
/** How long to wait for who else moves something there, which takes two waits for the disk. ms */
const PATIENCE = 5000;

/**
 * Moves a run to the trash.
 *
 * @returns what `restoreRun` takes
 * @throws ProtocolError 'not-found'; 'conflict' for a run that waits or is trained
 */
export async function trashRun(runs: RunStore, id: string): Promise<string> {
  await runs.locate(id);
  return whileHoldingTrash(runs, async (trash) => {
    const directory = await runs.locate(id);
    const lock = await holdAtRest(runs, id);
    let now = directory;
    try {
      const entry = `${id}.${new Date().toISOString().replaceAll(/[-:.]/g, '')}`;
      await placeDirectory(directory, join(trash, entry));
      now = join(trash, entry);
      return entry;
    } finally {
      await lock.release(now);
    }
  });
}

/**
 * Takes a run out of the trash.
 *
 * @param entry as `trashRun` returned it
 * @throws ProtocolError 'not-found'; 'exists' where there is a run of that id again
 */
export async function restoreRun(runs: RunStore, entry: string): Promise<Run> {
  const id = TRASH_ID.exec(entry)?.[1];
  if (id === undefined) throw notInTrash(entry);
  return whileHoldingTrash(runs, async (trash) => {
    if (!(await isDirectory(join(trash, entry)))) throw notInTrash(entry);
    const target = join(runs.root, id);
    if (await isThere(target)) {
      throw new ProtocolError(
        'exists',
        `expected no run ${id} where the one in the trash was, got one; trash that first`,
      );
    }
    await placeDirectory(join(trash, entry), target);
    await runs.recoverRun(id);
    return runs.read(id);
  });
}

/**
 * Holds a run that nobody trains or waits to train.
 *
 * @throws ProtocolError 'not-found', 'conflict'
 */
export async function holdAtRest(runs: RunStore, id: string): Promise<Lock> {
  try {
    return await runs.hold(id);
  } catch (cause) {
    if (!(cause instanceof ProtocolError) || cause.code !== 'conflict') throw cause;
    throw new ProtocolError(
      'conflict',
      `run ${id}: expected one at rest, got one that waits or is trained; stop it first`,
      { cause },
    );
  }
}

async function whileHoldingTrash<T>(
  { root }: RunStore,
  work: (trash: string) => Promise<T>,
): Promise<T> {
  const trash = join(root, TRASH);
  await ensureDirectory(root);
  await makeDirectory(root, TRASH);
  const lock = await acquireLock(trash, PATIENCE);
  try {
    return await work(trash);
  } finally {
    await lock.release();
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    // A link is none: it may lead anywhere.
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

function notInTrash(entry: string): ProtocolError {
  return new ProtocolError(
    'not-found',
    `run: expected one in the trash, got ${JSON.stringify(entry.slice(0, 120))}; ` +
      'it may have been restored already',
  );
}
