import { lstat, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  ensureDirectory,
  FileError,
  isMissing,
  listDirectory,
  makeDirectory,
  readRegular,
  removeTemporaries,
  writeFileAtomic,
} from '../../demos/files/index.ts';
import { cutText } from '../../policies/config/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { digestOfData } from './canonical.ts';
import { decodePlan, type ExperimentPlan, encodePlan, experimentId } from './plan.ts';
import { type DecodedShard, decodeShard, type ShardFile, shardOfName } from './result-file.ts';

export const PLAN_FILE = 'plan.json';
export const SHARDS = 'shards';
const MOST_PLAN_BYTES = 16 * 2 ** 20;
const MOST_SHARD_BYTES = 64 * 2 ** 20;

/** A file among the shards. */
export interface StoredShard {
  readonly path: string;
  /** The shard it says it is of by its name. */
  readonly id: string;
  /** Null for one that is damaged. */
  readonly shard: DecodedShard | null;
  /** What is wrong with it, in a sentence; null where nothing is. */
  readonly problem: string | null;
}

/** Two runs of one shard ended differently. */
export class ContradictionError extends ProtocolError {
  readonly files: readonly [string, string];

  constructor(id: string, files: readonly [string, string]) {
    super(
      'conflict',
      `shard ${id.slice(0, 12)}: expected every run of it to end in the same bits, got two results, ` +
        `${files[0]} and ${files[1]}; find out which machine or installation differs, and remove ` +
        'the file of that one',
    );
    this.files = files;
  }
}

/** An experiment on disk: `plan.json`, and a file a finished shard in `shards`. */
export class ExperimentDirectory {
  readonly path: string;

  /** @param path need not exist yet */
  constructor(path: string) {
    this.path = resolve(path);
  }

  /** @throws ProtocolError 'not-found', 'damaged'; 'conflict' for a plan of another format */
  async readPlan(): Promise<ExperimentPlan> {
    const path = join(this.path, PLAN_FILE);
    try {
      const bytes = await readRegular(this.path, PLAN_FILE, MOST_PLAN_BYTES);
      return decodePlan(path, bytes.toString('utf8'));
    } catch (cause) {
      if (isMissing(cause)) {
        throw new ProtocolError(
          'not-found',
          `${path}: expected the plan of an experiment, got nothing; make one with "experiment plan"`,
          { cause },
        );
      }
      if (!(cause instanceof FileError)) throw cause;
      throw new ProtocolError('damaged', `${cause.message}; plan the experiment again`, { cause });
    }
  }

  /**
   * Keeps a plan; the same one again changes nothing.
   *
   * @throws ProtocolError 'exists' where another is there
   */
  async writePlan(plan: ExperimentPlan): Promise<void> {
    const other = await this.#readPlanIfAny();
    if (other && digestOfData(other) !== digestOfData(plan)) {
      throw new ProtocolError(
        'exists',
        `${this.path}: expected no plan or the same one, got that of another experiment, ` +
          `${experimentId(other).slice(0, 12)}; choose another directory`,
      );
    }
    await ensureDirectory(this.path);
    await writeFileAtomic(join(this.path, PLAN_FILE), encodePlan(plan));
  }

  async #readPlanIfAny(): Promise<ExperimentPlan | null> {
    try {
      return await this.readPlan();
    } catch (error) {
      if (error instanceof ProtocolError && error.code === 'not-found') return null;
      throw error;
    }
  }

  /**
   * All shards that are there, by name; damaged ones say so.
   *
   * @param wanted by their ids. @default all of them
   */
  async readShards(wanted?: ReadonlySet<string>): Promise<StoredShard[]> {
    const stored: StoredShard[] = [];
    for (const { name, id } of await this.#list()) {
      if (!wanted || wanted.has(id)) stored.push(await this.#read(name, id));
    }
    return stored;
  }

  /**
   * Keeps the result of a shard as its file, from whatever process or machine it comes. Where there is
   * one already, both must be the same; a damaged one is removed once this one is safe.
   *
   * @param id of the shard that was asked for
   * @throws ProtocolError 'damaged' for what is no result of that shard
   * @throws ContradictionError, with both files left there
   */
  async keep(id: string, { name, bytes }: ShardFile): Promise<void> {
    if (shardOfName(name) !== id) {
      const expected = `expected the result of shard ${id}, got a file called ${cutText(name, 200)}`;
      throw new ProtocolError('damaged', `${expected}; run the shard again`);
    }
    await decodeShard(name, bytes);
    await ensureDirectory(dirname(this.path));
    await makeDirectory(dirname(this.path), join(basename(this.path), SHARDS));
    await removeTemporaries(this.path, SHARDS);
    const path = join(this.path, SHARDS, name);
    await writeFileAtomic(path, bytes);
    for (const other of await this.readShards(new Set([id]))) {
      if (other.path === path) continue;
      if (other.shard) throw new ContradictionError(id, [other.path, path]);
      await rm(other.path, { force: true });
    }
  }

  /** Names of all that seem to be results. */
  async listShards(): Promise<string[]> {
    return (await this.#list()).map(({ name }) => name);
  }

  /** What results take on the disk, bytes: nothing that is no regular file. */
  async resultBytes(): Promise<number> {
    const sizes = await Promise.all(
      (await this.#list()).map(async ({ name }) => {
        const stats = await lstat(join(this.path, SHARDS, name));
        return stats.isFile() ? stats.size : 0;
      }),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Size of the plan, bytes; 0 where there is none. */
  async planBytes(): Promise<number> {
    try {
      return (await lstat(join(this.path, PLAN_FILE))).size;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }

  async #list(): Promise<{ name: string; id: string }[]> {
    const names = await listDirectory(this.path, SHARDS);
    return names
      .flatMap(({ name }) => {
        const id = shardOfName(name);
        return id === null ? [] : [{ name, id }];
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #read(name: string, id: string): Promise<StoredShard> {
    const path = join(this.path, SHARDS, name);
    try {
      const bytes = await readRegular(this.path, join(SHARDS, name), MOST_SHARD_BYTES);
      return { path, id, shard: await decodeShard(path, bytes), problem: null };
    } catch (error) {
      const known = error instanceof ProtocolError || error instanceof FileError;
      if (!known) throw error;
      return { path, id, shard: null, problem: error.message };
    }
  }
}
