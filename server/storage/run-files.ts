import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FileError,
  findDirectory,
  isFileSystemError,
  isMissing,
  listDirectory,
  readRegular,
  unlessMissing,
} from '../../demos/files/index.ts';
import { nameSchema } from '../../policies/config/index.ts';
import { ProtocolError } from '../protocol/errors.ts';

/** Where the files of runs are: a directory each, under its run's id. */
export class RunFiles {
  readonly root: string;

  /** @param root need not exist yet */
  constructor(root: string) {
    this.root = root;
  }

  path(id: string): string {
    return join(this.root, id);
  }

  /** Names that are or pretend to be runs: directories, and links, which `find` refuses. */
  async ids(): Promise<string[]> {
    const entries = await listDirectory(this.root);
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .filter((name) => nameSchema.safeParse(name).success);
  }

  /** @throws ProtocolError 'not-found' that lists what there is, or names the link that is refused */
  async find(id: string): Promise<void> {
    const ids = await this.ids();
    if (ids.includes(id)) return this.#checkDirectory(id);
    const known = ids.length > 0 ? `one of ${ids.slice(-8).join(', ')}` : 'none: train one first';
    throw new ProtocolError('not-found', `run: expected ${known}, got "${id.slice(0, 80)}"`);
  }

  /**
   * A file of a run, or null where there is none.
   *
   * @param most bytes
   * @throws ProtocolError 'not-found'; 'damaged' for a link, a directory or a pipe, for more bytes,
   *         and where the system cannot read it
   */
  async read(id: string, name: string, most: number): Promise<Buffer | null> {
    await this.find(id);
    try {
      return await readRegular(this.root, join(id, name), most);
    } catch (cause) {
      if (isMissing(cause)) return null;
      if (!(cause instanceof FileError) && !isFileSystemError(cause)) throw cause;
      const what = `run ${id}: expected to read ${name}, got ${cause.message}`;
      throw new ProtocolError('damaged', what, { cause });
    }
  }

  /** What changes with a file of a run, or null where there is none: of a link, of the link itself. */
  async stamp(id: string, name: string): Promise<string | null> {
    const stats = await unlessMissing(lstat(join(this.path(id), name)));
    return stats && `${stats.mtimeMs} ${stats.ino}`;
  }

  async #checkDirectory(id: string): Promise<void> {
    try {
      await findDirectory(this.root, id);
    } catch (cause) {
      if (!(cause instanceof FileError)) throw cause;
      throw new ProtocolError('not-found', `run ${id}: ${cause.message}`, { cause });
    }
  }
}
