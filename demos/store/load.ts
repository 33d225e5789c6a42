import { join } from 'node:path';
import type { Demonstration } from '../demonstration.ts';
import { FileError, readRegular, sha256 } from '../files/index.ts';
import { type Commit, commitOf } from './commit.ts';
import { derivedFilesStand } from './derived.ts';
import { filesHash } from './digest.ts';
import { decodeEpisode } from './episode-file.ts';
import { decodeEpisodes } from './episodes-file.ts';
import { damaged } from './errors.ts';
import { decodeInfo, type Info } from './info-file.ts';
import { dataPath, EPISODES_PATH, INFO_PATH } from './layout.ts';
import { type EpisodeRecord, recordOf } from './record.ts';

/** Largest Parquet file that is read; what is written here is thousands of times smaller. Bytes */
const MAX_TABLE_BYTES = 256 * 2 ** 20;
/** Largest `meta/info.json`; what is written here has a few thousand bytes. */
const MAX_INFO_BYTES = 256 * 2 ** 10;

/** What is committed in a directory, and whether all that follows from it is as it should be. */
export interface Loaded {
  readonly commit: Commit;
  /** Text of `meta/info.json`. */
  readonly info: string;
  /** False where the index, the statistics or the instructions are to be rewritten. */
  readonly sound: boolean;
}

/**
 * Reads what is committed. Writes nothing.
 *
 * @param known what was read from there before; spares reading the index again where it still holds
 * @throws DatasetError 'damaged', 'mismatch'
 */
export async function loadCommit(directory: string, known?: Loaded): Promise<Loaded> {
  const infoPath = join(directory, INFO_PATH);
  const text = await readInfo(directory);
  if (known?.sound && known.info === text) return known;
  const info = decodeInfo(infoPath, text);
  const index = await readIndex(directory, info);
  const records = index ?? (await readRecords(directory, info));
  const commit = commitOf(info.task, info.controlHz, records, info);
  const { hash, dataHash, frames } = commit;
  const sameHashes = hash === info.hash && dataHash === info.dataHash;
  if (!sameHashes || frames !== info.frames || records.length !== info.episodes) {
    throw damaged(
      infoPath,
      `${info.episodes} episodes, ${info.frames} frames, hash ${info.hash}`,
      `${records.length} episodes, ${frames} frames, hash ${hash}`,
    );
  }
  const sound = index !== null && (await derivedFilesStand(directory, commit));
  return { commit, info: text, sound };
}

/**
 * What `meta/info.json` commits, not held against the episodes.
 *
 * @throws DatasetError 'damaged', 'mismatch'
 */
export async function loadInfo(directory: string): Promise<Info> {
  return decodeInfo(join(directory, INFO_PATH), await readInfo(directory));
}

async function readInfo(directory: string): Promise<string> {
  return (await readBytes(directory, INFO_PATH, MAX_INFO_BYTES)).toString('utf8');
}

/** The index; null where it is not the one that was committed. */
async function readIndex(directory: string, info: Info): Promise<EpisodeRecord[] | null> {
  if (info.episodesHash === null) return [];
  let bytes: Uint8Array;
  try {
    bytes = await readRegular(directory, EPISODES_PATH, MAX_TABLE_BYTES);
  } catch (error) {
    // It follows from the episodes: whatever stands in its place is no loss.
    if (error instanceof FileError) return null;
    throw error;
  }
  if (sha256(bytes) !== info.episodesHash) return null;
  return decodeEpisodes(join(directory, EPISODES_PATH), bytes, info.task, info);
}

/** What the index should say, from the episodes themselves. */
async function readRecords(directory: string, info: Info): Promise<EpisodeRecord[]> {
  // How many there are is only believed file by file.
  const hashes: string[] = [];
  for (let i = 0; i < info.episodes; i++) {
    hashes.push(sha256(await readBytes(directory, dataPath(i), MAX_TABLE_BYTES)));
  }
  const dataHash = filesHash(hashes);
  if (dataHash !== info.dataHash) {
    // The index, which is not there, would tell which of them it is.
    const files = `${dataPath(0)} to ${dataPath(info.episodes - 1)}`;
    const expected = `${files} to have hash ${info.dataHash}, as ${INFO_PATH} says`;
    throw damaged(join(directory, 'data'), expected, dataHash);
  }
  const records: EpisodeRecord[] = [];
  let firstFrame = 0;
  for (const [episode, hash] of hashes.entries()) {
    const bytes = await readVerified(directory, dataPath(episode), hash);
    const position = { episode, firstFrame };
    const path = join(directory, dataPath(episode));
    const demonstration = await decodeEpisode(path, bytes, info.task, position, info);
    records.push(recordOf(info.task, demonstration, position, bytes, info));
    firstFrame += demonstration.length;
  }
  return records;
}

/** @throws DatasetError 'damaged' where the file is not what was committed */
export async function readEpisode(
  directory: string,
  commit: Commit,
  episode: number,
): Promise<Demonstration> {
  const { task, firstFrames } = commit;
  const bytes = await readEpisodeFile(directory, commit, episode);
  const position = { episode, firstFrame: firstFrames[episode] };
  return decodeEpisode(join(directory, dataPath(episode)), bytes, task, position, commit);
}

/** @throws DatasetError 'damaged' where the file is not what was committed */
export function readEpisodeFile(
  directory: string,
  { records }: Commit,
  episode: number,
): Promise<Buffer> {
  return readVerified(directory, dataPath(episode), records[episode].fileHash);
}

/**
 * A Parquet file that is what was committed. Only such are parsed: a single flipped bit in the size
 * of a page can keep a Parquet reader busy for minutes.
 */
async function readVerified(directory: string, path: string, expected: string): Promise<Buffer> {
  const bytes = await readBytes(directory, path, MAX_TABLE_BYTES);
  const got = sha256(bytes);
  if (got !== expected) throw damaged(join(directory, path), `sha-256 ${expected}`, got);
  return bytes;
}

/** @throws DatasetError 'damaged' where it is no regular file of at most so many bytes */
async function readBytes(directory: string, path: string, most: number): Promise<Buffer> {
  try {
    return await readRegular(directory, path, most);
  } catch (error) {
    if (error instanceof FileError) {
      throw damaged(join(directory, path), 'a file', error.message, error);
    }
    throw error;
  }
}
