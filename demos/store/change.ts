/**
 * How a dataset's directory changes.
 *
 * `meta/info.json` is the commit point: it says how many episodes there are and the hash of all
 * they contain. The data files of those episodes are the content; the other files under `meta`
 * follow from them. A change writes data files, then the index, then `meta/info.json`. So after a
 * kill the old state stands, together with files that it does not count and perhaps an index that
 * is ahead of it; `repair` removes the one and rewrites the other.
 */
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ControlHz, Task } from '../../sim/index.ts';
import type { Demonstration } from '../demonstration.ts';
import {
  isTemporary,
  type Lock,
  listDirectory,
  makeDirectory,
  placeFile,
  sha256,
  syncDirectory,
  writeFileAtomic,
} from '../files/index.ts';
import { type Commit, commitOf } from './commit.ts';
import { derivedFiles } from './derived.ts';
import { encodeEpisodes } from './episodes-file.ts';
import type { Extras } from './extras.ts';
import { encodeInfo } from './info-file.ts';
import * as layout from './layout.ts';
import type { Loaded } from './load.ts';
import { encodeRecord } from './record.ts';

/** Writes the files of a dataset without episodes into a directory that is not in use yet. */
export async function writeEmpty(
  directory: string,
  task: Task,
  controlHz: ControlHz,
  extras: Extras,
) {
  await makeDirectory(directory, dirname(layout.dataPath(0)));
  await writeMeta(directory, commitOf(task, controlHz, [], extras));
}

/**
 * Adds episodes, all or none. The caller has checked them.
 *
 * @returns what is committed now
 */
export async function appendEpisodes(
  directory: string,
  { commit }: Loaded,
  demonstrations: readonly Demonstration[],
  lock: Lock,
): Promise<Loaded> {
  const staging = join(directory, layout.STAGING);
  await makeDirectory(directory, layout.STAGING);
  const records = [...commit.records];
  const folders = new Set<string>();
  let firstFrame = commit.frames;
  for (const demonstration of demonstrations) {
    const position = { episode: records.length, firstFrame };
    const { bytes, record } = encodeRecord(commit.task, demonstration, position, commit);
    const path = layout.dataPath(position.episode);
    if (!folders.has(dirname(path))) await makeDirectory(directory, dirname(path));
    folders.add(dirname(path));
    await placeFile(join(directory, path), bytes, { staging });
    records.push(record);
    firstFrame += demonstration.length;
  }
  for (const folder of folders) await syncDirectory(join(directory, folder));
  await lock.assertHeld();
  return writeMeta(directory, commitOf(commit.task, commit.controlHz, records, commit));
}

/**
 * Makes the files agree with what is committed: removes what a killed append left, and rewrites
 * what follows from the episodes where it is not what it should be. The caller holds the lock.
 */
export async function repair(directory: string, loaded: Loaded): Promise<Loaded> {
  for (const path of await findLeftovers(directory, loaded.commit)) {
    await rm(path, { recursive: true, force: true });
  }
  if (loaded.sound) return loaded;
  return writeMeta(directory, loaded.commit);
}

/**
 * Files that a killed append left behind: of `.staging` what was being written; under `data` those
 * with the name of an episode that is not committed; and what is made from the episodes where there
 * are none. Anything else was not put there by this program, and stays.
 *
 * @throws FileError 'not-regular' where a link, or what is no directory, stands for one of them
 */
export async function findLeftovers(directory: string, { records }: Commit): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of await listDirectory(directory, layout.STAGING)) {
    if (isTemporary(name)) found.push(join(directory, layout.STAGING, name));
  }
  if (records.length === 0) {
    for (const path of [layout.EPISODES_PATH, layout.STATS_PATH]) {
      const entries = await listDirectory(directory, dirname(path));
      const left = entries.some((entry) => entry.isFile() && entry.name === basename(path));
      if (left) found.push(join(directory, path));
    }
  }
  for (const { name: folder } of await listDirectory(directory, 'data')) {
    const chunk = layout.chunkOf(folder);
    if (chunk === null) continue;
    for (const entry of await listDirectory(directory, `data/${folder}`)) {
      const episode = layout.episodeOf(chunk, entry.name);
      if (episode === null || episode < records.length || !entry.isFile()) continue;
      found.push(join(directory, 'data', folder, entry.name));
    }
  }
  return found;
}

/** Writes what follows from the episodes, `meta/info.json` last. */
async function writeMeta(directory: string, commit: Commit): Promise<Loaded> {
  const { task, controlHz, camera, interventions, facts, records, frames } = commit;
  const { hash, dataHash } = commit;
  await makeDirectory(directory, layout.STAGING);
  await makeDirectory(directory, dirname(layout.EPISODES_PATH));
  const staging = { staging: join(directory, layout.STAGING) };
  let episodesHash: string | null = null;
  if (records.length > 0) {
    const episodes = encodeEpisodes(task, records, commit);
    episodesHash = sha256(episodes);
    await writeFileAtomic(join(directory, layout.EPISODES_PATH), episodes, staging);
  }
  for (const [path, content] of derivedFiles(commit)) {
    await writeFileAtomic(join(directory, path), content, staging);
  }
  const info = encodeInfo({
    task,
    controlHz,
    camera,
    interventions,
    facts,
    episodes: records.length,
    frames,
    hash,
    dataHash,
    episodesHash,
  });
  await writeFileAtomic(join(directory, layout.INFO_PATH), info, staging);
  return { commit, info, sound: true };
}
