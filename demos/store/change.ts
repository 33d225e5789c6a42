/**
 * How a dataset's directory changes.
 *
 * `meta/info.json` is the commit point: it says how many episodes there are and the hash of all
 * they contain. The data files of those episodes are the content; the other files under `meta`
 * follow from them. A change writes data files, then the index, then `meta/info.json`. So after a
 * kill the old state stands, together with files that it does not count and perhaps an index that
 * is ahead of it; `repair` removes the one and rewrites the other.
 */
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ControlHz, Task } from '../../sim/index.ts';
import type { Demonstration } from '../demonstration.ts';
import { ensureDirectory, placeFile, syncDirectory, writeFileAtomic } from './atomic.ts';
import { type Commit, commitOf, statisticsOf } from './commit.ts';
import { encodeEpisodes } from './episodes-file.ts';
import { isSystemError } from './errors.ts';
import { stringifyExact } from './exact-json.ts';
import { encodeInfo } from './info-file.ts';
import { instructionsOf } from './instructions.ts';
import * as layout from './layout.ts';
import type { Loaded } from './load.ts';
import { PICTURES } from './pictures.ts';
import { encodeRecord } from './record.ts';
import { perChannel, type Statistics } from './statistics.ts';
import { encodeTasks } from './tasks-file.ts';

/** Writes the files of a dataset without episodes into a directory that nobody uses yet. */
export async function writeEmpty(
  directory: string,
  task: Task,
  controlHz: ControlHz,
  camera: number | null,
) {
  await ensureDirectory(join(directory, dirname(layout.EPISODES_PATH)));
  await ensureDirectory(join(directory, dirname(layout.dataPath(0))));
  await ensureDirectory(join(directory, layout.STAGING));
  await writeFileAtomic(join(directory, layout.TASKS_PATH), encodeTasks(instructionsOf(task)));
  await writeMeta(directory, commitOf(task, controlHz, [], camera));
}

/**
 * Adds episodes, all or none. The caller holds the lock and has checked them.
 *
 * @returns what is committed now
 */
export async function appendEpisodes(
  directory: string,
  { commit }: Loaded,
  demonstrations: readonly Demonstration[],
): Promise<Loaded> {
  const staging = join(directory, layout.STAGING);
  await ensureDirectory(staging);
  const records = [...commit.records];
  const folders = new Set<string>();
  let firstFrame = commit.frames;
  for (const demonstration of demonstrations) {
    const position = { episode: records.length, firstFrame };
    const { bytes, record } = encodeRecord(commit.task, demonstration, position, commit.camera);
    const path = join(directory, layout.dataPath(position.episode));
    if (!folders.has(dirname(path))) await ensureDirectory(dirname(path));
    folders.add(dirname(path));
    await placeFile(path, bytes, { staging });
    records.push(record);
    firstFrame += demonstration.length;
  }
  for (const folder of folders) await syncDirectory(folder);
  return writeMeta(directory, commitOf(commit.task, commit.controlHz, records, commit.camera));
}

/**
 * Makes the files agree with what is committed: removes what a killed append left, and rewrites
 * an index that is not the committed one. The caller holds the lock.
 */
export async function repair(directory: string, loaded: Loaded): Promise<Loaded> {
  for (const path of await findLeftovers(directory, loaded.commit)) {
    await rm(path, { recursive: true, force: true });
  }
  if (loaded.indexed) return loaded;
  await ensureDirectory(join(directory, layout.STAGING));
  await ensureDirectory(join(directory, dirname(layout.EPISODES_PATH)));
  return writeMeta(directory, loaded.commit);
}

/**
 * Files that a killed append left behind: all in `.staging`; under `data` those with the name of an
 * episode that is not committed; and what is made from the episodes where there are none. Anything
 * else was not put there by this program, and stays.
 */
export async function findLeftovers(directory: string, { records }: Commit): Promise<string[]> {
  const staging = join(directory, layout.STAGING);
  const found = (await readEntries(staging)).map((name) => join(staging, name));
  if (records.length === 0) {
    for (const path of [layout.EPISODES_PATH, layout.STATS_PATH]) {
      const names = await readEntries(join(directory, dirname(path)));
      if (names.includes(basename(path))) found.push(join(directory, path));
    }
  }
  for (const folder of await readEntries(join(directory, 'data'))) {
    const chunk = layout.chunkOf(folder);
    if (chunk === null) continue;
    for (const name of await readEntries(join(directory, 'data', folder))) {
      const episode = layout.episodeOf(chunk, name);
      if (episode === null || episode < records.length) continue;
      found.push(join(directory, 'data', folder, name));
    }
  }
  return found;
}

/** Writes what follows from the episodes, `meta/info.json` last. */
async function writeMeta(directory: string, commit: Commit): Promise<Loaded> {
  const { task, controlHz, camera, records, frames, hash, dataHash } = commit;
  const staging = { staging: join(directory, layout.STAGING) };
  let episodesHash: string | null = null;
  if (records.length > 0) {
    const episodes = encodeEpisodes(task, records, camera);
    episodesHash = layout.sha256(episodes);
    await writeFileAtomic(join(directory, layout.EPISODES_PATH), episodes, staging);
    const stats = encodeStatistics(statisticsOf(commit));
    await writeFileAtomic(join(directory, layout.STATS_PATH), stats, staging);
  }
  const info = encodeInfo({
    task,
    controlHz,
    camera,
    episodes: records.length,
    frames,
    hash,
    dataHash,
    episodesHash,
  });
  await writeFileAtomic(join(directory, layout.INFO_PATH), info, staging);
  return { commit, info, indexed: true };
}

function encodeStatistics(statistics: Statistics): string {
  return stringifyExact(
    Object.fromEntries(
      Object.entries(statistics).map(([name, { count, ...vectors }]) => [
        name,
        {
          ...(name === PICTURES
            ? Object.fromEntries(Object.entries(vectors).map(([key, v]) => [key, perChannel(v)]))
            : vectors),
          count: [count],
        },
      ]),
    ),
  );
}

/** Names in a directory; none where there is no such directory. */
async function readEntries(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
