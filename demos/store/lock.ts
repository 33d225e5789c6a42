import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatasetError, isSystemError } from './errors.ts';
import { inspectOwner, ownerTag } from './owner.ts';

const LOCKS = '.locks';
/**
 * Whether a process of another machine lives cannot be asked; its lock counts for this long.
 * Writing takes seconds. ms
 */
const FOREIGN_LIFETIME = 3_600_000;
/** Longest pause between two tries, ms. */
const RETRY = 40;

/** The right to write one directory, held against every other process and thread. */
export interface Lock {
  /** What a process that works for the holder gives, to share the right with it. */
  readonly name: string;
  /** @param directory where the locked directory is now, if it was renamed */
  release(directory?: string): Promise<void>;
}

/**
 * Waits for the right to write.
 *
 * @param patience how long, ms
 * @param shared   name of a lock whose holder this process works for
 * @throws DatasetError 'locked' where a live process still holds it then
 */
export async function acquireLock(
  directory: string,
  patience: number,
  shared?: string,
): Promise<Lock> {
  const deadline = performance.now() + patience;
  for (;;) {
    const attempt = await attemptLock(directory, shared);
    if ('release' in attempt) return attempt;
    if (performance.now() >= deadline) {
      throw new DatasetError(
        'locked',
        `${directory}: expected no other writer, got ${attempt.holder}; wait until it is done, ` +
          `or, if that process no longer runs, delete ${attempt.path}`,
      );
    }
    // Two that met may both have stepped back: an uneven pause lets one of them pass.
    await delay(RETRY * Math.random());
  }
}

/** The right to write, or null where another holds it. */
export async function tryLock(directory: string): Promise<Lock | null> {
  const attempt = await attemptLock(directory);
  return 'release' in attempt ? attempt : null;
}

/**
 * Announces itself by a file of its own, then looks who else has. Of two that do so at once at
 * least one sees the other, so at most one proceeds; and since every file bears its writer's name,
 * removing that of an ended process can never hit a successor's, as it can with a single lock file.
 */
async function attemptLock(
  directory: string,
  shared?: string,
): Promise<Lock | { holder: string; path: string }> {
  const locks = join(directory, LOCKS);
  await makeLocks(directory, locks);
  const own = `${ownerTag()}.${randomBytes(4).toString('hex')}`;
  const release = (now = directory) => rm(join(now, LOCKS, own), { force: true });
  await (await open(join(locks, own), 'wx')).close();
  try {
    const other = await findOther(locks, [own, shared]);
    if (!other) return { name: own, release };
    await release();
    return other;
  } catch (error) {
    await release();
    throw error;
  }
}

/** Not the directory itself: it must not come back after it was renamed. */
async function makeLocks(directory: string, locks: string): Promise<void> {
  try {
    await mkdir(locks);
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return;
    if (!isSystemError(error, 'ENOENT')) throw error;
    throw new DatasetError(
      'not-found',
      `${directory}: expected a dataset, got nothing; if it was moved to the trash, restore it`,
      { cause: error },
    );
  }
}

/** A live writer besides some; removes the files of those that have ended. */
async function findOther(
  locks: string,
  known: readonly (string | undefined)[],
): Promise<{ holder: string; path: string } | null> {
  for (const name of await readdir(locks)) {
    if (known.includes(name)) continue;
    const path = join(locks, name);
    const { description, local, ended } = inspectOwner(name.slice(0, name.lastIndexOf('.')));
    if (!ended && (local || !(await isOld(path)))) return { holder: description, path };
    await rm(path, { force: true });
  }
  return null;
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > FOREIGN_LIFETIME;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return true; // released meanwhile
    throw error;
  }
}
