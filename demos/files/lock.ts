import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeDirectory } from './atomic.ts';
import { FileError, isSystemError } from './errors.ts';
import { inspectOwner, OWNER_TAG_PATTERN, ownerTag } from './owner.ts';
import { listDirectory, missing } from './read.ts';

const LOCKS = '.locks';
/** What the number of a lock begins with that several hold at once. */
const TOGETHER = 'use-';
const LOCK_NAME = new RegExp(`^${OWNER_TAG_PATTERN}\\.(${TOGETHER})?[0-9a-f]{8}$`);
/**
 * Whether a process of another machine or container lives cannot be determined. Such a holder counts
 * as alive for this long after it last renewed its lock. ms
 */
export const LEASE = 30_000;
/** How often a holder renews, ms: the longest that its event loop may be held up is the lease. */
const RENEWAL = 5_000;
/** What a lock's file says while it is held, and, where it cannot be removed, once it no longer is. */
const HELD = '.';
const RELEASED = '..';
/** Longest pause between two tries, ms. */
const RETRY = 40;

/**
 * The right to write one directory, held against every other process and thread.
 *
 * A file of its own for each holder, renewed while it is held. Not `proper-lockfile`, which judges a
 * holder by time alone: one killed on this machine would keep others waiting.
 */
export interface Lock {
  /** What a process that works for the holder gives, to share the right with it. */
  readonly name: string;
  /**
   * To be called before a change is committed: a process that was suspended for longer than the lease
   * may have lost the right.
   *
   * @throws FileError 'locked' where it was taken away
   */
  assertHeld(): Promise<void>;
  /** @param directory where the locked directory is now, if it was renamed */
  release(directory?: string): Promise<void>;
}

/**
 * Waits for the right to write.
 *
 * @param patience how long, ms
 * @param shared   name of a lock whose holder this process works for
 * @throws FileError 'locked' where a live process still holds it then; 'missing' where there is no
 *         such directory; 'not-regular' where its locks lead elsewhere
 */
export function acquireLock(directory: string, patience: number, shared?: string): Promise<Lock> {
  return acquire(directory, patience, { shared });
}

/**
 * Waits for the right to use a directory, which any number may have at once and no writer beside them:
 * whoever removes it takes the right to write first.
 *
 * @throws as `acquireLock`
 */
export function acquireUse(directory: string, patience: number): Promise<Lock> {
  return acquire(directory, patience, { together: true });
}

interface Claim {
  /** Name of a lock whose holder this process works for. */
  readonly shared?: string | undefined;
  /** To hold it beside others who say the same. @default false */
  readonly together?: boolean;
}

async function acquire(directory: string, patience: number, claim: Claim): Promise<Lock> {
  const deadline = performance.now() + patience;
  for (;;) {
    const attempt = await attemptLock(directory, claim);
    if ('release' in attempt) return attempt;
    if (performance.now() >= deadline) throw locked(directory, attempt);
    // Two that met may both have stepped back: an uneven pause lets one of them pass.
    await delay(RETRY * Math.random());
  }
}

/** The right to write, or null where another holds it. */
export async function tryLock(directory: string): Promise<Lock | null> {
  const attempt = await attemptLock(directory, {});
  return 'release' in attempt ? attempt : null;
}

interface Holder {
  readonly description: string;
  readonly path: string;
  /** How long it still counts as alive, ms; infinite for one that is known to be. */
  readonly left: number;
}

/**
 * Announces itself by a file of its own, then looks for others. Of two that do so at once at
 * least one sees the other, so at most one proceeds; and since every file bears its writer's name,
 * removing that of an ended process can never hit a successor's, as it can with a single lock file.
 */
async function attemptLock(
  directory: string,
  { shared, together = false }: Claim,
): Promise<Lock | Holder> {
  // Not the directory itself: it must not come back after it was renamed.
  await makeDirectory(directory, LOCKS);
  const number = randomBytes(4).toString('hex');
  const name = `${ownerTag()}.${together ? TOGETHER : ''}${number}`;
  const path = join(directory, LOCKS, name);
  const file = await create(path, directory);
  try {
    // Written and not only made, for the clock of the file system is what all are judged by.
    await renew(file);
    const { mtimeMs: now } = await file.stat();
    const other = await findOther(directory, { own: name, shared, together, now });
    if (!other) return hold(directory, name, file);
    await letGo(file, path);
    return other;
  } catch (error) {
    await letGo(file, path);
    throw error;
  }
}

/** Takes a lock's file away. Where its directory was renamed meanwhile, the file went along: it says so. */
async function letGo(file: FileHandle, path: string): Promise<void> {
  try {
    await rm(path, { force: true });
    if ((await file.stat()).nlink > 0) await file.write(RELEASED, 0);
  } finally {
    await file.close();
  }
}

function hold(directory: string, name: string, file: FileHandle): Lock {
  let renewing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    renewing = renew(file).catch((error: unknown) => {
      process.emitWarning(`the lock on ${directory} was not renewed: ${String(error)}`);
    });
  }, RENEWAL);
  timer.unref();
  return {
    name,
    async assertHeld() {
      // A process that takes a lock over removes its file.
      if ((await file.stat()).nlink > 0) return;
      throw new FileError(
        'locked',
        directory,
        `expected to hold the right to write, got none: this process was suspended for over ` +
          `${LEASE / 1000} s, and another took it; nothing more was written`,
      );
    },
    async release(now = directory) {
      clearInterval(timer);
      await renewing;
      await letGo(file, join(now, LOCKS, name));
    },
  };
}

async function create(path: string, directory: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) throw missing(directory, error);
    throw error;
  }
}

/** Sets the file's time by the clock of its file system, which all its readers share. */
async function renew(file: FileHandle): Promise<void> {
  await file.write(HELD, 0);
}

/**
 * A live holder that one cannot share with, besides who one works for; removes the files of those that have ended.
 *
 * @throws FileError 'missing' where one's own file is not there: the directory was renamed, and who wrote
 *         to it went along unseen
 */
async function findOther(
  directory: string,
  { own, shared, together = false, now }: Claim & { own: string; now: number },
): Promise<Holder | null> {
  for (const entry of await listDirectory(directory, LOCKS)) {
    const { name } = entry;
    if (name === own || name === shared) continue;
    const path = join(directory, LOCKS, name);
    const { description, local, ended } = inspectOwner(name.slice(0, name.lastIndexOf('.')));
    const left = ended ? 0 : await leaseOf(path, now, local);
    if (left > 0 && together && name.includes(`.${TOGETHER}`)) continue;
    if (left > 0) return { description, path, left };
    // What this program did not name stays, and no longer counts.
    if (entry.isFile() && LOCK_NAME.test(name)) await rm(path, { force: true });
  }
  // Looked for last: what was found absent above may have gone with the directory.
  try {
    await lstat(join(directory, LOCKS, own));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) throw missing(directory, error);
    throw error;
  }
  return null;
}

/** How long a holder still counts as alive, ms; 0 where it has released its lock. */
async function leaseOf(path: string, now: number, lives: boolean): Promise<number> {
  try {
    const { mtimeMs, size } = await lstat(path);
    if (size >= RELEASED.length) return 0;
    return lives ? Infinity : LEASE + Math.min(mtimeMs - now, 0);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return 0;
    throw error;
  }
}

function locked(directory: string, { description, path, left }: Holder): FileError {
  const cure =
    left === Infinity
      ? `wait until it is done, or, if that process no longer runs, delete ${path}`
      : `wait until it is done; if it no longer runs, its lock (${path}) ends in ` +
        `${Math.ceil(left / 1000)} s`;
  return new FileError(
    'locked',
    directory,
    `expected no other writer, got ${description}; ${cure}`,
  );
}
