import { posix } from 'node:path';
import { FileError, isMissing, unlessMissing } from '../../demos/files/index.ts';
import { cutText } from '../../policies/config/index.ts';
import { type Artefacts, openArtefacts } from '../artefacts/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { digestOfData } from './canonical.ts';
import { decodePlan, type ExperimentPlan, encodePlan, experimentId } from './plan.ts';
import { type DecodedShard, decodeShard, type ShardFile, shardOfName } from './result-file.ts';

export const PLAN_FILE = 'plan.json';
export const SHARDS = 'shards';
const MOST_PLAN_BYTES = 16 * 2 ** 20;
const MOST_SHARD_BYTES = 64 * 2 ** 20;
/** Files that are read at once: of an object store one is long under way. */
const AT_ONCE = 16;

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

/** An experiment as files: `plan.json`, and one a finished shard in `shards`. */
export class ExperimentDirectory {
  /** As people name it. */
  readonly path: string;
  readonly #files: Artefacts;

  /** @param path of a directory, which need not exist yet, or s3://BUCKET/PREFIX */
  constructor(path: string) {
    this.#files = openArtefacts(path);
    this.path = this.#files.place;
  }

  /** @throws ProtocolError 'not-found', 'damaged'; 'conflict' for a plan of another format */
  async readPlan(): Promise<ExperimentPlan> {
    const path = this.#files.pathOf(PLAN_FILE);
    try {
      const bytes = await this.#files.read(PLAN_FILE, MOST_PLAN_BYTES);
      return decodePlan(path, Buffer.from(bytes).toString('utf8'));
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
    if (await this.#files.create(PLAN_FILE, encodePlan(plan))) return;
    const other = await this.readPlan();
    if (digestOfData(other) === digestOfData(plan)) return;
    throw new ProtocolError(
      'exists',
      `${this.path}: expected no plan or the same one, got that of another experiment, ` +
        `${experimentId(other).slice(0, 12)}; choose another directory`,
    );
  }

  /**
   * All shards that are there, by name; damaged ones say so.
   *
   * @param wanted by their ids. @default all of them
   */
  async readShards(wanted?: ReadonlySet<string>): Promise<StoredShard[]> {
    const listed = await this.#list(`${SHARDS}/`);
    const named = listed.filter(({ id }) => !wanted || wanted.has(id));
    const stored: StoredShard[] = [];
    for (let from = 0; from < named.length; from += AT_ONCE) {
      const some = named.slice(from, from + AT_ONCE);
      stored.push(...(await Promise.all(some.map((each) => this.#read(each)))));
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
    const kept = `${SHARDS}/${name}`;
    await this.#files.write(kept, bytes);
    for (const other of await this.#list(`${SHARDS}/${id}`)) {
      if (other.name === kept) continue;
      const { path, shard } = await this.#read(other);
      if (shard) throw new ContradictionError(id, [path, this.#files.pathOf(kept)]);
      await this.#files.remove(other.name);
    }
  }

  /** Names of all that seem to be results. */
  async listShards(): Promise<string[]> {
    return (await this.#list(`${SHARDS}/`)).map(({ name }) => posix.basename(name));
  }

  /**
   * Writes something that was made of it beside its plan.
   *
   * @returns where that is, for people
   */
  async write(name: string, content: Uint8Array | string): Promise<string> {
    await this.#files.write(name, content);
    return this.#files.pathOf(name);
  }

  /**
   * What was written beside its plan; null where nothing is.
   *
   * @param most bytes that are believed
   * @throws FileError 'not-regular', 'too-large'
   */
  async readBeside(name: string, most: number): Promise<string | null> {
    const bytes = await unlessMissing(this.#files.read(name, most));
    return bytes && Buffer.from(bytes).toString('utf8');
  }

  async #list(beginning: string): Promise<{ name: string; id: string }[]> {
    const names = await this.#files.list(beginning);
    return names.flatMap((name) => {
      const id = shardOfName(posix.basename(name));
      return id === null ? [] : [{ name, id }];
    });
  }

  async #read({ name, id }: { readonly name: string; readonly id: string }): Promise<StoredShard> {
    const path = this.#files.pathOf(name);
    try {
      const bytes = await this.#files.read(name, MOST_SHARD_BYTES);
      return { path, id, shard: await decodeShard(path, bytes), problem: null };
    } catch (error) {
      // What the store refuses is no damage of a shard.
      const known = error instanceof FileError || isDamage(error);
      if (!known) throw error;
      return { path, id, shard: null, problem: error.message };
    }
  }
}

function isDamage(error: unknown): error is ProtocolError {
  return error instanceof ProtocolError && error.code === 'damaged';
}
