import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  FileError,
  findDirectory,
  listDirectory,
  readRegular,
  unlessMissing,
  writeFileAtomic,
} from '../../demos/files/index.ts';
import { NAME_EXPECTED, NAME_PATTERN } from '../../policies/config/names.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { cutText } from '../protocol/issues.ts';
import { titleSchema } from '../protocol/runs.ts';
import { Trash } from '../storage/trash.ts';
import { ExperimentDirectory, PLAN_FILE, SHARDS } from './directory.ts';

const TITLE_FILE = 'title.json';
const MOST_TITLE_BYTES = 4096;
const NAME = new RegExp(`^${NAME_PATTERN}$`);
const titleFile = z.strictObject({ title: titleSchema.nullable() });

/** What lies where experiments are kept. */
export interface FoundExperiment {
  readonly name: string;
  /** When it was planned; 0 where that is not known, ms. */
  readonly at: number;
  /** Why it is none, in a sentence; null where nothing says so yet. */
  readonly problem: string | null;
}

/** The experiments in a data directory: a directory each, by its name. */
export class ExperimentStore {
  readonly #root: string;
  readonly #trash: Trash;

  /** @param data directory; need not exist yet */
  constructor(data: string) {
    this.#root = resolve(data, 'experiments');
    this.#trash = new Trash(this.#root, 'experiment');
  }

  /** Whatever seems to be one, newest first, and none of it read. */
  async find(): Promise<FoundExperiment[]> {
    const found: FoundExperiment[] = [];
    for (const entry of await listDirectory(this.#root)) {
      const { name } = entry;
      // The trash, and locks; a file is nobody's experiment.
      if (name.startsWith('.') || entry.isFile()) continue;
      if (!entry.isDirectory()) {
        const problem =
          'expected a directory, got something else, which may lead anywhere; remove it';
        found.push({ name: cutText(name, 80), at: 0, problem });
      } else if (!NAME.test(name)) {
        const problem = `${NAME_EXPECTED} for its name; rename the directory`;
        found.push({ name: cutText(name, 80), at: 0, problem });
      } else {
        found.push({
          name,
          at: (await timeOf(join(this.#root, name, PLAN_FILE))) ?? 0,
          problem: null,
        });
      }
    }
    return found.sort((a, b) => b.at - a.at || (a.name < b.name ? -1 : 1));
  }

  /** The directory of one, which need not be there. */
  directory(name: string): ExperimentDirectory {
    return new ExperimentDirectory(join(this.#root, name));
  }

  /** When the last result of one came, ms; null where there is none. */
  changedAt(name: string): Promise<number | null> {
    return timeOf(join(this.#root, name, SHARDS));
  }

  /** When it was planned, ms; null where it was not. */
  plannedAt(name: string): Promise<number | null> {
    return timeOf(join(this.#root, name, PLAN_FILE));
  }

  /** Size of a plan, bytes; 0 where there is none. */
  planBytes(name: string): Promise<number> {
    return sizeOf(join(this.#root, name, PLAN_FILE));
  }

  /** What the results of one take on the disk, bytes. */
  async resultBytes(name: string): Promise<number> {
    const folder = join(this.#root, name, SHARDS);
    let bytes = 0;
    for (const file of await this.directory(name).listShards()) {
      bytes += await sizeOf(join(folder, file));
    }
    return bytes;
  }

  /** What a person calls it; null where nobody said, or what says so is damaged. */
  async title(name: string): Promise<string | null> {
    try {
      const path = join(name, TITLE_FILE);
      const content = await readRegular(this.#root, path, MOST_TITLE_BYTES);
      return titleFile.safeParse(JSON.parse(content.toString('utf8'))).data?.title ?? null;
    } catch (error) {
      if (error instanceof FileError || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** @throws ProtocolError 'not-found' */
  async rename(name: string, title: string | null): Promise<void> {
    const path = await this.locate(name);
    await writeFileAtomic(join(path, TITLE_FILE), JSON.stringify({ title }));
  }

  /**
   * Moves one to the trash.
   *
   * @returns what `restore` takes
   * @throws ProtocolError 'not-found'
   */
  trash(name: string): Promise<string> {
    return this.#trash.put(name, async () => ({ path: await this.locate(name) }));
  }

  /**
   * Takes one out of the trash.
   *
   * @returns its name
   * @throws ProtocolError 'not-found'; 'exists' where there is one of that name again
   */
  restore(entry: string): Promise<string> {
    return this.#trash.restore(entry, async (name) => name);
  }

  /** @throws ProtocolError 'not-found' for a name of none, or of what is no directory */
  async locate(name: string): Promise<string> {
    const refuse = (cause?: unknown) =>
      new ProtocolError(
        'not-found',
        `experiment: expected one that is there, got ${JSON.stringify(cutText(name, 80))}`,
        { cause },
      );
    if (!NAME.test(name)) throw refuse();
    try {
      await findDirectory(this.#root, name);
      return join(this.#root, name);
    } catch (cause) {
      if (!(cause instanceof FileError)) throw cause;
      throw refuse(cause);
    }
  }
}

/** Of a file, bytes; 0 where there is none. */
async function sizeOf(path: string): Promise<number> {
  return (await unlessMissing(lstat(path)))?.size ?? 0;
}

/** When a file or directory was last changed, ms; null where there is none. */
async function timeOf(path: string): Promise<number | null> {
  return (await unlessMissing(lstat(path)))?.mtimeMs ?? null;
}
