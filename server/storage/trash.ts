/**
 * Directories that were thrown away and may be had back: `<root>/.trash/<name>.<when>`. Who throws away
 * or restores holds the trash meanwhile, so that of two that do the same the second finds it done.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  acquireLock,
  ensureDirectory,
  makeDirectory,
  placeDirectory,
  unlessMissing,
} from '../../demos/files/index.ts';
import { NAME_PATTERN } from '../../policies/config/names.ts';
import { ProtocolError } from '../protocol/errors.ts';

const TRASH = '.trash';
const TRASH_ID = new RegExp(`^(${NAME_PATTERN})\\.\\d{8}T\\d{9}Z$`);
/** How long to wait for who else moves something there, which takes two waits for the disk. ms */
const PATIENCE = 5000;

/** The trash of one kind of directories. */
export class Trash {
  readonly #root: string;
  readonly #what: string;

  /**
   * @param root what all of them lie in; need not exist yet
   * @param what they are, for messages: "run"
   */
  constructor(root: string, what: string) {
    this.#root = root;
    this.#what = what;
  }

  /**
   * Moves a directory to the trash.
   *
   * @param locate finds it, and says whether it may be moved: asked while the trash is held. `moved` is
   *               told where it is by then, whether or not it was moved
   * @returns what `restore` takes
   * @throws what `locate` throws
   */
  put(
    name: string,
    locate: () => Promise<{ readonly path: string; moved?(now: string): Promise<void> }>,
  ): Promise<string> {
    return this.#whileHeld(async (trash) => {
      const { path, moved } = await locate();
      let now = path;
      try {
        const entry = `${name}.${new Date().toISOString().replaceAll(/[-:.]/g, '')}`;
        await placeDirectory(path, join(trash, entry));
        now = join(trash, entry);
        return entry;
      } finally {
        await moved?.(now);
      }
    });
  }

  /**
   * Takes a directory out of the trash.
   *
   * @param entry as `put` returned it
   * @param then  what is done with it before anybody else may move it
   * @throws ProtocolError 'not-found'; 'exists' where there is one of that name again
   */
  async restore<T>(entry: string, then: (name: string) => Promise<T>): Promise<T> {
    const name = TRASH_ID.exec(entry)?.[1];
    if (name === undefined) throw this.#notThere(entry);
    return this.#whileHeld(async (trash) => {
      if (!(await isDirectory(join(trash, entry)))) throw this.#notThere(entry);
      const target = join(this.#root, name);
      if (await unlessMissing(lstat(target))) {
        throw new ProtocolError(
          'exists',
          `expected no ${this.#what} ${name} where the one in the trash was, got one; trash that first`,
        );
      }
      await placeDirectory(join(trash, entry), target);
      return then(name);
    });
  }

  async #whileHeld<T>(work: (trash: string) => Promise<T>): Promise<T> {
    const trash = join(this.#root, TRASH);
    await ensureDirectory(this.#root);
    await makeDirectory(this.#root, TRASH);
    const lock = await acquireLock(trash, PATIENCE);
    try {
      return await work(trash);
    } finally {
      await lock.release();
    }
  }

  #notThere(entry: string): ProtocolError {
    return new ProtocolError(
      'not-found',
      `${this.#what}: expected one in the trash, got ${JSON.stringify(entry.slice(0, 120))}; ` +
        'it may have been restored already',
    );
  }
}

/** A link is none: it may lead anywhere. */
async function isDirectory(path: string): Promise<boolean> {
  return (await unlessMissing(lstat(path)))?.isDirectory() ?? false;
}
