/** Demonstrations that were brought to a machine for its trainings, and are kept for others, within a bound. */
import { lstat, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  acquireUse,
  ensureDirectory,
  FileError,
  isFileSystemError,
  isMissing,
  type Lock,
  listDirectory,
  removeTemporaries,
  temporaryPath,
  tryLock,
  unlessMissing,
} from '../../demos/files/index.ts';
import { ProtocolError } from '../protocol/errors.ts';

/** What may be kept of those that nobody uses, bytes: four of the largest that are handed over. */
export const BROUGHT_BYTES = 2 * 2 ** 30;

/** How long whoever removes some may take to put them aside, ms. */
const PATIENCE_MS = 5000;
/** They may be removed again and again before they are held; each time somebody had to be done with them. */
const MOST_TRIES = 5;
const HASH = /^[0-9a-f]{64}$/;

/** Directories named by the hash of the demonstrations in them, which those who need them share. */
export class BroughtDatasets {
  readonly #root: string;
  readonly #most: number;

  /**
   * @param root need not exist yet
   * @param most what is kept of those that nobody uses, bytes
   */
  constructor(root: string, most = BROUGHT_BYTES) {
    this.#root = root;
    this.#most = most;
  }

  /**
   * Lends a directory, which may be empty; no process removes it meanwhile. Afterwards what is beyond the bound
   * goes, that which nobody has used for longest first.
   *
   * @throws ProtocolError 'invalid-request' for what is no hash; FileError 'locked', 'not-regular'; what `use`
   *         throws
   */
  async lend<T>(hash: string, use: (directory: string) => Promise<T>): Promise<T> {
    if (!HASH.test(hash)) {
      throw new ProtocolError(
        'invalid-request',
        `dataset: expected its hash, 64 hexadecimal digits, got ${hash.length} characters`,
      );
    }
    const directory = join(this.#root, hash);
    const held = await hold(directory);
    try {
      return await use(directory);
    } finally {
      await held.release();
      await this.#tidy(directory);
    }
  }

  /** Whatever is wrong with what is kept takes nothing from a training, and is only told of. */
  async #tidy(used: string): Promise<void> {
    try {
      const now = new Date();
      await unlessMissing(utimes(used, now, now));
      await removeTemporaries(this.#root);
      let kept = 0;
      for (const { name, bytes } of await this.#list()) {
        kept += bytes;
        const spare = bytes === 0 || kept > this.#most;
        if (spare && (await this.#remove(name))) kept -= bytes;
      }
    } catch (error) {
      if (!(error instanceof FileError) && !isFileSystemError(error)) throw error;
      process.emitWarning(`${this.#root} was not tidied: ${error.message}`);
    }
  }

  /** The one that was used last first. */
  async #list() {
    const sets: { name: string; bytes: number; usedMs: number }[] = [];
    for (const entry of await listDirectory(this.#root)) {
      const { name } = entry;
      if (!entry.isDirectory() || !HASH.test(name)) continue;
      const bytes = await bytesBelow(this.#root, name);
      const stats = await unlessMissing(lstat(join(this.#root, name)));
      if (stats) sets.push({ name, bytes, usedMs: stats.mtimeMs });
    }
    return sets.sort((a, b) => b.usedMs - a.usedMs);
  }

  /** @returns whether it is gone; not where somebody uses it */
  async #remove(name: string): Promise<boolean> {
    const directory = join(this.#root, name);
    const aside = temporaryPath(this.#root, name);
    try {
      const lock = await tryLock(directory);
      if (!lock) return false;
      let now = directory;
      try {
        // First aside, as a whole: who comes now finds nothing, and never half of it.
        await rename(directory, aside);
        now = aside;
      } finally {
        await lock.release(now);
      }
    } catch (error) {
      // Another has removed it.
      if (isMissing(error)) return true;
      throw error;
    }
    await rm(aside, { recursive: true, force: true });
    return true;
  }
}

/** Makes the directory where there is none. */
async function hold(directory: string): Promise<Lock> {
  for (let tries = 1; ; tries++) {
    await ensureDirectory(directory);
    try {
      return await acquireUse(directory, PATIENCE_MS);
    } catch (error) {
      if (!isMissing(error) || tries === MOST_TRIES) throw error;
    }
  }
}

/** Of regular files, through no link. */
async function bytesBelow(root: string, path: string): Promise<number> {
  let bytes = 0;
  for (const entry of await listDirectory(root, path)) {
    const below = join(path, entry.name);
    if (entry.isDirectory()) bytes += await bytesBelow(root, below);
    else bytes += (await unlessMissing(lstat(join(root, below))))?.size ?? 0;
  }
  return bytes;
}
