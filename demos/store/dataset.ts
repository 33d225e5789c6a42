import { basename } from 'node:path';
import { type ControlHz, modeNames } from '../../sim/index.ts';
import {
  DEMONSTRATION_SOURCES,
  type Demonstration,
  type DemonstrationSource,
} from '../demonstration.ts';
import { acquireLock, isSystemError, type Lock, tryLock } from '../files/index.ts';
import { appendEpisodes, findLeftovers, repair } from './change.ts';
import { statisticsOf } from './commit.ts';
import { type CommittedFile, committedFiles, copyDataset } from './copy.ts';
import { DatasetError, ofDataset } from './errors.ts';
import type { EpisodeFacts } from './facts.ts';
import { INTERVENTION } from './features.ts';
import { type Loaded, loadCommit, readEpisode } from './load.ts';
import type { Statistics } from './statistics.ts';
import { checkDemonstration } from './validate.ts';

export interface DatasetInfo {
  readonly name: string;
  readonly task: string;
  readonly controlHz: ControlHz;
  /** Size of its pictures, pixels; null without. */
  readonly camera: number | null;
  /** Whether its frames say which of them a person took over from a policy. */
  readonly interventions: boolean;
  readonly episodes: number;
  readonly frames: number;
  /** Episodes of each of the task's modes. */
  readonly modes: Readonly<Record<string, number>>;
  /** Episodes without a mode. */
  readonly unlabelled: number;
  readonly successes: number;
  readonly sources: Readonly<Record<DemonstrationSource, number>>;
  /** Episodes that came from elsewhere and do not replay. */
  readonly unverified: number;
  /** Episodes that a policy began and a person corrected. */
  readonly corrected: number;
  /** Sha-256 of all content, in hexadecimal; `datasetHash` says of what. */
  readonly hash: string;
}

export interface DatasetOptions {
  /** How long to wait for another writer to finish, ms. @default 5000 */
  readonly lockPatience?: number;
}

/**
 * One dataset on disk: a LeRobotDataset v3.0 directory that grows at its end and never changes
 * otherwise.
 *
 * What it shows is the state it last read or wrote; `append` takes in what others have written since.
 */
export class Dataset {
  readonly name: string;
  readonly directory: string;
  readonly #lockPatience: number;
  #loaded: Loaded;
  /** Settles when the last `append` called so far has ended. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(directory: string, loaded: Loaded, { lockPatience = 5000 }: DatasetOptions) {
    this.name = basename(directory);
    this.directory = directory;
    this.#loaded = loaded;
    this.#lockPatience = lockPatience;
  }

  /**
   * Opens the dataset in a directory. What a killed writer left there is cleared away, unless
   * another is at work; otherwise opening writes nothing.
   *
   * @throws DatasetError 'damaged', or 'mismatch' where another program or version wrote it
   * @cost 1 ms an episode
   */
  static async open(directory: string, options: DatasetOptions = {}): Promise<Dataset> {
    try {
      let loaded = await loadCommit(directory);
      const leftovers = await findLeftovers(directory, loaded.commit);
      if (!loaded.sound || leftovers.length > 0) loaded = await tryRepair(directory, loaded);
      return new Dataset(directory, loaded, options);
    } catch (error) {
      throw ofDataset(directory, error);
    }
  }

  get info(): DatasetInfo {
    const { task, controlHz, camera, interventions, records, frames, hash } = this.#loaded.commit;
    const count = (matches: (facts: EpisodeFacts) => boolean) =>
      records.filter(({ facts }) => matches(facts)).length;
    return {
      name: this.name,
      task: task.name,
      controlHz,
      camera,
      interventions,
      episodes: records.length,
      frames,
      modes: Object.fromEntries(
        modeNames(task).map((mode) => [mode, count((facts) => facts.mode === mode)]),
      ),
      unlabelled: count((facts) => facts.mode === null),
      successes: count((facts) => facts.success),
      sources: Object.fromEntries(
        DEMONSTRATION_SOURCES.map((source) => [source, count((facts) => facts.source === source)]),
      ) as Record<DemonstrationSource, number>,
      unverified: count((facts) => facts.replayHash === null),
      corrected: this.interventions.filter((flagged) => flagged > 0).length,
      hash,
    };
  }

  /** `info.hash`. */
  get hash(): string {
    return this.#loaded.commit.hash;
  }

  /** What is known of each episode without reading its frames. */
  get episodes(): readonly EpisodeFacts[] {
    return this.#loaded.commit.records.map(({ facts }) => facts);
  }

  /** Of each episode, how many of its frames a person took over from a policy. */
  get interventions(): readonly number[] {
    return this.#loaded.commit.records.map(({ statistics }) => {
      const flags = statistics[INTERVENTION];
      return flags ? Math.round(flags.mean[0] * flags.count) : 0;
    });
  }

  /**
   * Of every column over all frames, as in `meta/stats.json`. The quantiles are the weighted mean
   * of the episodes' own; `computeStatistics` gives exact ones.
   */
  get statistics(): Statistics {
    return statisticsOf(this.#loaded.commit);
  }

  /**
   * Adds episodes at the end: all of them or, whatever is killed when, none. Once this resolves
   * they outlast a power cut.
   *
   * @returns the numbers they got: from, and to (not included)
   * @throws DatasetError 'invalid-demonstration' or 'mismatch' before anything is written;
   *         'locked' where another process writes for longer than the patience; 'damaged'
   * @cost per episode 10 ms; per call 1 ms for each episode already there
   */
  async append(demonstrations: readonly Demonstration[]): Promise<{ from: number; to: number }> {
    const added = [...demonstrations];
    const write = this.#writing
      .then(() => this.#append(added))
      .catch((error: unknown) => {
        throw ofDataset(this.directory, error);
      });
    this.#writing = write.catch(() => undefined); // reported to the caller of this append
    return write;
  }

  /**
   * @param index 0 … episodes − 1
   * @throws DatasetError 'not-found'; 'damaged' where the file is not what was committed
   * @cost 2 ms
   */
  async read(index: number): Promise<Demonstration> {
    const { commit } = this.#loaded;
    const { length } = commit.records;
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      const range = length > 0 ? `0 to ${length - 1}` : 'none: the dataset is empty';
      throw new DatasetError('not-found', `${this.name}: expected episode ${range}, got ${index}`);
    }
    return readEpisode(this.directory, commit, index);
  }

  /** All episodes that were there when reading began, in order. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Demonstration, void, undefined> {
    const { commit } = this.#loaded;
    for (let i = 0; i < commit.records.length; i++) {
      yield await readEpisode(this.directory, commit, i);
    }
  }

  /** @cost 2 ms an episode */
  async readAll(): Promise<Demonstration[]> {
    const demonstrations: Demonstration[] = [];
    for await (const demonstration of this) demonstrations.push(demonstration);
    return demonstrations;
  }

  /**
   * Copies what is committed, every file of it looked at, so that a damaged one is not passed on.
   *
   * @param target empty directory
   * @param signal ends it between two files
   * @throws DatasetError 'damaged'; the signal's reason
   * @cost 2 ms an episode
   */
  copyTo(target: string, signal?: AbortSignal): Promise<void> {
    return copyDataset(this.directory, this.#loaded, target, signal);
  }

  /**
   * The files that are committed, one after the other, every one looked at.
   *
   * @throws DatasetError 'damaged'
   */
  files(): AsyncGenerator<CommittedFile, void, undefined> {
    return committedFiles(this.directory, this.#loaded);
  }

  async #append(demonstrations: readonly Demonstration[]): Promise<{ from: number; to: number }> {
    const lock = await acquireLock(this.directory, this.#lockPatience);
    try {
      const current = await loadCommit(this.directory, this.#loaded);
      const { task, controlHz } = current.commit;
      for (const each of demonstrations) checkDemonstration(each, task, controlHz, current.commit);
      this.#loaded = await repair(this.directory, current);
      const from = this.#loaded.commit.records.length;
      if (demonstrations.length > 0) {
        this.#loaded = await appendEpisodes(this.directory, this.#loaded, demonstrations, lock);
      }
      return { from, to: from + demonstrations.length };
    } finally {
      await lock.release();
    }
  }
}

/** Repairs where no other process writes and the directory is writable. */
async function tryRepair(directory: string, loaded: Loaded): Promise<Loaded> {
  let lock: Lock | null;
  try {
    lock = await tryLock(directory);
  } catch (error) {
    // A read-only copy: what is committed can be read without a repair.
    if (isSystemError(error, 'EROFS', 'EACCES', 'EPERM')) return loaded;
    throw error;
  }
  if (!lock) return loaded;
  try {
    return await repair(directory, await loadCommit(directory, loaded));
  } finally {
    await lock.release();
  }
}
