import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../demos/store/index.ts';
import { nameSchema } from '../../policies/spec/index.ts';
import { ProtocolError } from '../protocol/errors.ts';

/** Where the files of runs are: a directory each, under its run's id. */
export class RunFiles {
  readonly #root: string;

  /** @param root need not exist yet */
  constructor(root: string) {
    this.#root = root;
  }

  path(id: string): string {
    return join(this.#root, id);
  }

  async ids(): Promise<string[]> {
    try {
      const entries = await readdir(this.#root, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() && nameSchema.safeParse(entry.name).success)
        .map((entry) => entry.name);
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  /** @throws ProtocolError 'not-found' that lists what there is */
  async find(id: string): Promise<void> {
    const ids = await this.ids();
    if (ids.includes(id)) return;
    const known = ids.length > 0 ? `one of ${ids.slice(-8).join(', ')}` : 'none: train one first';
    throw new ProtocolError('not-found', `run: expected ${known}, got "${id.slice(0, 80)}"`);
  }

  /**
   * A file of a run, or null where there is none.
   *
   * @throws ProtocolError 'not-found'; 'damaged' where the system cannot read it
   */
  async read(id: string, name: string): Promise<Buffer | null> {
    await this.find(id);
    try {
      return await readFile(join(this.path(id), name));
    } catch (cause) {
      if (isSystemError(cause, 'ENOENT')) return null;
      const what = cause instanceof Error ? cause.message : String(cause);
      throw new ProtocolError('damaged', `run ${id}: expected to read ${name}, got ${what}`, {
        cause,
      });
    }
  }
}
