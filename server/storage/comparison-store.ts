import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  ensureDirectory,
  listDirectory,
  makeDirectory,
  readRegular,
  removeTemporaries,
  writeFileAtomic,
} from '../../demos/files/index.ts';
import type { ComparisonEntry } from '../protocol/events.ts';
import { LIMITS } from '../protocol/limits.ts';
import { decodeComparison, encodeComparison, MOST_BYTES } from './comparison-file.ts';

/** The files that are written here; no other is read or removed. */
const OWN_NAME = /^(compare-[0-9a-f]{8})\.json$/;
/** Files that are looked at: a few times as many as are ever written. */
const MOST_FILES = 8 * LIMITS.comparisons;

/** What was kept, and what is there that cannot be read. */
export interface KeptComparisons {
  /** Oldest first. */
  readonly entries: readonly ComparisonEntry[];
  /** One sentence each. */
  readonly problems: readonly string[];
}

/** The last comparisons that the page asked for: a file each in a directory of their own. */
export class ComparisonStore {
  readonly #root: string;
  readonly #data: string;
  readonly #name: string;

  /** @param root need not exist yet */
  constructor(root: string) {
    this.#root = root;
    this.#data = dirname(root);
    this.#name = basename(root);
  }

  /** All that can be read; those that cannot are left where they are. */
  async list(): Promise<KeptComparisons> {
    let names: string[];
    try {
      await removeTemporaries(this.#data, this.#name);
      names = (await listDirectory(this.#data, this.#name)).map(({ name }) => name);
    } catch (error) {
      return { entries: [], problems: [sentenceOf(error)] };
    }
    const own = names.flatMap((name) => OWN_NAME.exec(name)?.[1] ?? []).sort();
    const entries: ComparisonEntry[] = [];
    const problems: string[] = [];
    if (own.length > MOST_FILES) {
      problems.push(
        `${this.#root}: expected at most ${MOST_FILES} comparisons, got ${own.length}; the others ` +
          'are left unread',
      );
    }
    for (const id of own.slice(0, MOST_FILES)) {
      try {
        const content = await readRegular(this.#data, join(this.#name, `${id}.json`), MOST_BYTES);
        entries.push(decodeComparison(id, content.toString('utf8')));
      } catch (error) {
        // One that is damaged must not hide the others.
        problems.push(`${sentenceOf(error)}; it is left out: remove ${this.#path(id)}`);
      }
    }
    return { entries: entries.sort((a, b) => (a.at < b.at ? -1 : 1)), problems };
  }

  /**
   * Keeps one, and of all that are there only the last `LIMITS.comparisons`.
   *
   * @throws FileError 'not-regular' where its directory is none; the file system's own errors
   */
  async keep(entry: ComparisonEntry): Promise<void> {
    await ensureDirectory(this.#data);
    await makeDirectory(this.#data, this.#name);
    await writeFileAtomic(this.#path(entry.id), encodeComparison(entry));
    const { entries } = await this.list();
    for (const { id } of entries.slice(0, -LIMITS.comparisons)) {
      await rm(this.#path(id), { force: true });
    }
  }

  #path(id: string): string {
    return join(this.#root, `${id}.json`);
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
