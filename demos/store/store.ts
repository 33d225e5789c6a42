import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NAME_PATTERN } from '../../policies/config/names.ts';
import { type ControlHz, findTask } from '../../sim/index.ts';
import type { Demonstration } from '../demonstration.ts';
import {
  acquireLock,
  ensureDirectory,
  isSystemError,
  listDirectory,
  makeDirectory,
  placeDirectory,
  removeTemporaries,
  temporaryPath,
} from '../files/index.ts';
import { writeEmpty } from './change.ts';
import { Dataset, type DatasetInfo, type DatasetOptions } from './dataset.ts';
import { DatasetError, damaged, ofDataset } from './errors.ts';
import { type Loaded, loadCommit, loadInfo, readEpisode } from './load.ts';
import { checkName, isName, resolveEntry } from './names.ts';

const STAGING = '.staging';
const TRASH = '.trash';
/** Episodes of another place that are in memory at once. */
const TAKEN_TOGETHER = 50;
const TRASH_ID = new RegExp(`^(${NAME_PATTERN})\\.(\\d{8}T\\d{9}Z)$`);

/** A dataset of the store, or why it cannot be opened. */
export type DatasetListing =
  | { readonly name: string; readonly info: DatasetInfo; readonly error?: undefined }
  | { readonly name: string; readonly info?: undefined; readonly error: DatasetError };

/** What `meta/info.json` of each dataset says. */
export interface DatasetSurvey {
  readonly hashes: ReadonlyMap<string, string>;
  /** Those where it cannot be read. */
  readonly damaged: ReadonlyMap<string, DatasetError>;
}

/** What all episodes of a dataset have in common. */
export interface DatasetKind {
  readonly task: string;
  readonly controlHz: ControlHz;
  /** Keep the camera's picture of each frame as well, in so many pixels a side. @default null */
  readonly camera?: number | null;
  /** Keep of each frame whether a person had taken over from a policy. @default false */
  readonly interventions?: boolean;
  /** Keep in each frame what is known of its episode. @default true */
  readonly facts?: boolean;
}

export interface TrashEntry {
  /** What `restore` takes. */
  readonly id: string;
  /** The dataset's name before. */
  readonly name: string;
  /** ISO 8601. */
  readonly trashedAt: string;
}

/** The datasets in one directory, a subdirectory each. */
export class DatasetStore {
  readonly root: string;
  readonly #options: DatasetOptions;

  /** @param root need not exist yet */
  constructor(root: string, options: DatasetOptions = {}) {
    this.root = root;
    this.#options = options;
  }

  /** All datasets by name. One that is damaged does not hide the others. */
  async list(): Promise<DatasetListing[]> {
    const listings: DatasetListing[] = [];
    for (const name of await this.#names()) {
      try {
        const { info } = await this.open(name);
        listings.push({ name, info });
      } catch (error) {
        const cause = asDatasetError(join(this.root, name), error);
        // 'not-found': removed since the names were read.
        if (cause.code !== 'not-found') listings.push({ name, error: cause });
      }
    }
    return listings;
  }

  /**
   * The hash of every dataset's content by name, as `meta/info.json` says it: what tells whether
   * one has changed. Those whose `meta/info.json` cannot be read are left out.
   *
   * @cost one small file a dataset
   */
  async hashes(): Promise<ReadonlyMap<string, string>> {
    return (await this.survey()).hashes;
  }

  /** As `hashes`, and why each that is left out is. */
  async survey(): Promise<DatasetSurvey> {
    const hashes = new Map<string, string>();
    const damaged = new Map<string, DatasetError>();
    for (const name of await this.#names()) {
      try {
        const directory = await resolveEntry(this.root, name);
        if (directory) hashes.set(name, (await loadInfo(directory)).hash);
      } catch (error) {
        damaged.set(name, asDatasetError(join(this.root, name), error));
      }
    }
    return { hashes, damaged };
  }

  /**
   * Creates a dataset without episodes.
   *
   * @throws DatasetError 'invalid-name', 'exists'
   * @throws SimError for an unknown task
   */
  async create(name: string, kind: DatasetKind): Promise<Dataset> {
    return this.build(name, kind, async () => {});
  }

  /** @throws DatasetError 'invalid-name', 'not-found', 'damaged', 'mismatch' */
  async open(name: string): Promise<Dataset> {
    return Dataset.open(await this.#find(name), this.#options);
  }

  /**
   * Writes an edited copy of a dataset under a new name: the way to delete, relabel or reorder
   * episodes. The original stays as it is.
   *
   * @param edit    gets all episodes in order and returns those of the copy
   * @param changes of what its frames keep
   * @throws DatasetError 'exists', and what `open` and `append` throw
   */
  async derive(
    name: string,
    newName: string,
    edit: (episodes: readonly Demonstration[]) => readonly Demonstration[],
    changes: Pick<DatasetKind, 'interventions'> = {},
  ): Promise<Dataset> {
    const original = await this.open(name);
    return this.build(newName, { ...original.info, ...changes }, async (copy) => {
      await copy.append(edit(await original.readAll()));
    });
  }

  /**
   * Takes in a dataset of another place, which stays as it is and is not written to: every episode
   * is read, checked and written again, so that nothing else of it gets in.
   *
   * @param directory  of a dataset that this program wrote
   * @param onProgress is told after each episode
   * @throws DatasetError 'damaged', 'mismatch'; 'exists', 'invalid-name' for the name; the signal's
   *         reason once it aborts
   * @cost 15 ms an episode
   */
  async adopt(
    directory: string,
    name: string,
    {
      onProgress = () => {},
      signal,
    }: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
  ): Promise<Dataset> {
    let loaded: Loaded;
    try {
      loaded = await loadCommit(directory);
    } catch (error) {
      throw ofDataset(directory, error);
    }
    const { commit } = loaded;
    const { task, controlHz, camera, interventions, records, hash } = commit;
    const kind = { task: task.name, controlHz, camera, interventions };
    return this.build(name, kind, async (copy) => {
      for (let from = 0; from < records.length; from += TAKEN_TOGETHER) {
        const some: Demonstration[] = [];
        for (let i = from; i < Math.min(records.length, from + TAKEN_TOGETHER); i++) {
          signal?.throwIfAborted();
          some.push(await readEpisode(directory, commit, i));
          onProgress(i + 1, records.length);
        }
        await copy.append(some);
      }
      signal?.throwIfAborted();
      if (copy.hash !== hash) throw damaged(directory, `a dataset of hash ${hash}`, copy.hash);
    });
  }

  /**
   * A path aside, for a file on its way in or out. What killed processes left there goes.
   *
   * @param name what it begins with
   */
  async temporaryFile(name: string): Promise<string> {
    checkName(name);
    await ensureDirectory(this.root);
    await makeDirectory(this.root, STAGING);
    await removeTemporaries(this.root, STAGING);
    return temporaryPath(join(this.root, STAGING), name);
  }

  /**
   * Moves a dataset to the trash.
   *
   * @returns what `restore` takes
   * @throws DatasetError 'invalid-name', 'not-found'; 'locked' where a process writes to it
   */
  async trash(name: string): Promise<string> {
    const directory = await this.#find(name);
    try {
      await makeDirectory(this.root, TRASH);
      const lock = await acquireLock(directory, this.#options.lockPatience ?? 5000);
      let now = directory;
      try {
        const id = `${name}.${new Date().toISOString().replaceAll(/[-:.]/g, '')}`;
        await this.#place(directory, join(this.root, TRASH, id), id);
        now = join(this.root, TRASH, id);
        return id;
      } finally {
        await lock.release(now);
      }
    } catch (error) {
      throw ofDataset(directory, error);
    }
  }

  /** What is in the trash, newest first. */
  async listTrash(): Promise<TrashEntry[]> {
    const entries = (await readNames(join(this.root, TRASH))).flatMap((id) => {
      const match = TRASH_ID.exec(id);
      if (!match) return [];
      const [, name, stamp] = match;
      return [{ id, name, trashedAt: toIso(stamp) }];
    });
    return entries.sort((a, b) => (a.trashedAt < b.trashedAt ? 1 : -1));
  }

  /**
   * Takes a dataset out of the trash.
   *
   * @param id   as `trash` returned it
   * @param name what it shall be called. @default its name before
   * @throws DatasetError 'not-found', 'invalid-name'; 'exists' where the name is taken
   */
  async restore(id: string, name = TRASH_ID.exec(id)?.[1] ?? ''): Promise<Dataset> {
    const directory = TRASH_ID.test(id) ? await resolveEntry(join(this.root, TRASH), id) : null;
    if (!directory) {
      const ids = (await this.listTrash()).map((entry) => entry.id);
      throw notFound('an entry of the trash', ids, id);
    }
    await this.#checkFree(name);
    await this.#place(directory, join(this.root, name), name);
    return this.open(name);
  }

  /**
   * Builds a dataset aside and puts it in place when it is complete; after a kill there is none.
   *
   * @param fill appends its episodes; where it throws nothing stays
   * @throws DatasetError 'exists', 'invalid-name'; what `fill` throws
   */
  async build(
    name: string,
    { task, controlHz, camera = null, interventions = false, facts = true }: DatasetKind,
    fill: (dataset: Dataset) => Promise<void>,
  ): Promise<Dataset> {
    await this.#checkFree(name);
    await ensureDirectory(this.root);
    const staged = await this.#stage(name);
    try {
      await writeEmpty(staged, findTask(task), controlHz, { camera, interventions, facts });
      await fill(await Dataset.open(staged, this.#options));
      await this.#place(staged, join(this.root, name), name);
    } catch (error) {
      await rm(staged, { recursive: true, force: true });
      throw error;
    }
    return this.open(name);
  }

  /** A new directory aside; what killed builds left there goes. */
  async #stage(name: string): Promise<string> {
    try {
      await makeDirectory(this.root, STAGING);
      await removeTemporaries(this.root, STAGING);
      const staged = temporaryPath(join(this.root, STAGING), name);
      await mkdir(staged);
      return staged;
    } catch (error) {
      throw ofDataset(this.root, error);
    }
  }

  async #find(name: string): Promise<string> {
    checkName(name);
    const directory = await resolveEntry(this.root, name);
    if (directory) return directory;
    throw notFound('a dataset', await this.#names(), name);
  }

  async #checkFree(name: string): Promise<void> {
    checkName(name);
    if (await resolveEntry(this.root, name)) throw taken(name);
  }

  async #place(directory: string, target: string, name: string): Promise<void> {
    try {
      await placeDirectory(directory, target);
    } catch (error) {
      if (isSystemError(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw taken(name);
      // Another has moved it since it was found.
      if (isSystemError(error, 'ENOENT')) throw notFound('a dataset', await this.#names(), name);
      throw error;
    }
  }

  /** Names of the store's subdirectories that can be datasets. */
  async #names(): Promise<string[]> {
    return (await readNames(this.root)).filter(isName).sort();
  }
}

/** What is wrong with one entry, whatever it is: it hides no other entry. */
function asDatasetError(directory: string, error: unknown): DatasetError {
  if (error instanceof DatasetError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return damaged(directory, 'files that can be read', message, error);
}

function taken(name: string): DatasetError {
  return new DatasetError(
    'exists',
    `expected a name that is free, got "${name}"; choose another, or move that dataset to the ` +
      'trash first (on the page, or by `demos trash`)',
  );
}

function notFound(what: string, names: readonly string[], got: string): DatasetError {
  const known = names.length > 0 ? names.slice(0, 20).join(', ') : 'there is none';
  return new DatasetError(
    'not-found',
    `expected ${what} (${known}), got ${JSON.stringify(got.slice(0, 120))}`,
  );
}

/** `20250131T235959999Z` as ISO 8601. */
function toIso(stamp: string): string {
  return stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z$/, '$1-$2-$3T$4:$5:$6.$7Z');
}

/** Subdirectories and links by name; none where there is no such directory. */
async function readNames(directory: string): Promise<string[]> {
  const entries = await listDirectory(directory);
  return entries.filter((entry) => !entry.isFile()).map(({ name }) => name);
}
