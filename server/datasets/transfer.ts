import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readZip, writeZip } from '../../demos/archive/zip.ts';
import { isOwn } from '../../demos/import/index.ts';
import type { DatasetStore } from '../../demos/store/index.ts';
import { DatasetError } from '../../demos/store/index.ts';
import { loadPhysics } from '../../sim/index.ts';
import type { Imported, ImportProgress, ImportRequest } from '../protocol/datasets.ts';
import { StoppedError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { summarizeDataset } from './datasets.ts';
import { importForeign } from './import-foreign.ts';

/** What a dataset's directory has at its top. */
const INFO = 'meta/info.json';
/** What is unpacked; anything else that somebody packed with it stays where it is. */
const UNPACKED =
  /^(meta\/(info\.json|stats\.json|tasks\.parquet|(tasks|episodes|episodes_stats)\.jsonl|episodes\/chunk-\d{3,}\/file-\d{3,}\.parquet)|data\/chunk-\d{3,}\/(file-\d{3,}|episode_\d{6,})\.parquet)$/;
/** Largest of its files: a camera's pictures of a long episode. */
const MOST_FILE_BYTES = 256 * 2 ** 20;

/**
 * Packs a dataset: a LeRobotDataset v3.0 directory of its name, as a ZIP archive.
 *
 * @param path of the archive, which is not there yet
 * @returns its size, bytes
 * @throws DatasetError 'not-found', 'damaged'
 * @cost 1 ms an episode
 */
export async function packDataset(
  datasets: DatasetStore,
  name: string,
  path: string,
): Promise<number> {
  const dataset = await datasets.open(name);
  async function* entries() {
    for await (const { path: file, content } of dataset.files()) {
      yield { path: `${name}/${file}`, content: Buffer.from(content) };
    }
  }
  return writeZip(path, entries());
}

/** Who is told how far it is, and can end it. */
export interface ImportWatch {
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Takes in a dataset: a directory, or one packed as `packDataset` does. One that this program wrote must
 * be exactly that; any other in LeRobot's layout, or that is to be read in another way, is taken in as
 * `importForeign` does.
 *
 * @throws DatasetError 'damaged', 'mismatch' for what is no such dataset; 'invalid-name' for an
 *         archive with paths that lead elsewhere; 'exists' where the name is taken; StoppedError once
 *         the signal aborts
 * @cost as `DatasetStore.adopt`, and of other programs' a replay of each episode that carries its facts
 */
export async function importDataset(
  datasets: DatasetStore,
  { path, ...request }: ImportRequest,
  watch: ImportWatch = {},
): Promise<Imported> {
  if ((await stat(path)).isDirectory()) return importDirectory(datasets, path, request, watch);
  const unpacked = await datasets.temporaryFile('import');
  try {
    const directory = await unpackInto(path, unpacked, watch.signal);
    return await importDirectory(datasets, directory, request, watch);
  } finally {
    await rm(unpacked, { recursive: true, force: true });
  }
}

async function importDirectory(
  datasets: DatasetStore,
  root: string,
  { name, task, map, resample }: Omit<ImportRequest, 'path'>,
  { onProgress, signal }: ImportWatch,
): Promise<Imported> {
  const options = {
    ...(task !== undefined && { task }),
    ...(map !== undefined && { map }),
    ...(resample !== undefined && { resample }),
  };
  const watch = {
    ...(onProgress && {
      onProgress: (done: number, total: number) => onProgress({ done, total }),
    }),
    ...(signal && { signal }),
  };
  try {
    if (Object.keys(options).length === 0 && (await isOwn(root))) {
      const { info } = await datasets.adopt(root, name, watch);
      return { dataset: summarizeDataset(info), notes: [] };
    }
    const rapier = await loadPhysics();
    const request = { root, name, ...options };
    const { dataset, notes } = await importForeign(datasets, rapier, request, watch);
    return { dataset: summarizeDataset(dataset.info), notes };
  } catch (error) {
    throw signal?.aborted ? new StoppedError() : error;
  }
}

/** @returns the dataset's directory, at the top of the archive or one below */
async function unpackInto(archive: string, target: string, signal?: AbortSignal): Promise<string> {
  await mkdir(target);
  const limits = {
    entries: LIMITS.importEntries,
    entryBytes: MOST_FILE_BYTES,
    bytes: LIMITS.importBytes,
  };
  const tops = new Set<string>();
  for await (const { path, content } of readZip(archive, limits)) {
    if (signal?.aborted) throw new StoppedError();
    const top = topOf(path);
    const inside = top === '' ? path : path.slice(top.length + 1);
    if (!UNPACKED.test(inside)) continue;
    if (inside === INFO) tops.add(top);
    const file = join(target, ...path.split('/'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { flag: 'wx' });
  }
  const [top, ...others] = tops;
  if (top !== undefined && others.length === 0) return join(target, top);
  throw new DatasetError(
    'damaged',
    `archive: expected one dataset (${INFO}), got ${tops.size}; pack the directory of one dataset`,
  );
}

/** The folder that everything of a dataset lies in; '' where it lies at the top. */
function topOf(path: string): string {
  const [first] = path.split('/');
  return ['meta', 'data'].includes(first) ? '' : first;
}
