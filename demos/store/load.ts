import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Demonstration } from '../demonstration.ts';
import { type Commit, commitOf } from './commit.ts';
import { filesHash } from './digest.ts';
import { decodeEpisode } from './episode-file.ts';
import { decodeEpisodes } from './episodes-file.ts';
import { damaged, isSystemError } from './errors.ts';
import { decodeInfo, type Info } from './info-file.ts';
import { dataPath, EPISODES_PATH, INFO_PATH, sha256 } from './layout.ts';
import { type EpisodeRecord, recordOf } from './record.ts';

/** Largest file that is read; what is written here is thousands of times smaller. Bytes */
const MAX_FILE_SIZE = 256 * 2 ** 20;

/** What is committed in a directory, and whether its index says the same. */
export interface Loaded {
  readonly commit: Commit;
  /** Text of `meta/info.json`. */
  readonly info: string;
  readonly indexed: boolean;
}

/**
 * Reads what is committed. Writes nothing.
 *
 * @param known what was read from there before; spares reading the index again where it still holds
 * @throws DatasetError 'damaged', 'mismatch'
 */
export async function loadCommit(directory: string, known?: Loaded): Promise<Loaded> {
  const infoPath = join(directory, INFO_PATH);
  const text = Buffer.from(await readBytes(infoPath)).toString('utf8');
  if (known?.indexed && known.info === text) return known;
  const info = decodeInfo(infoPath, text);
  const index = await readIndex(directory, info);
  const records = index ?? (await readRecords(directory, info));
  const commit = commitOf(info.task, info.controlHz, records, info.camera);
  const { hash, dataHash, frames } = commit;
  const sameHashes = hash === info.hash && dataHash === info.dataHash;
  if (!sameHashes || frames !== info.frames || records.length !== info.episodes) {
    throw damaged(
      infoPath,
      `${info.episodes} episodes, ${info.frames} frames, hash ${info.hash}`,
      `${records.length} episodes, ${frames} frames, hash ${hash}`,
    );
  }
  return { commit, info: text, indexed: index !== null };
}

/**
 * What `meta/info.json` commits, not held against the episodes.
 *
 * @throws DatasetError 'damaged', 'mismatch'
 */
export async function loadInfo(directory: string): Promise<Info> {
  const path = join(directory, INFO_PATH);
  return decodeInfo(path, Buffer.from(await readBytes(path)).toString('utf8'));
}

/** The index; null where it is not the one that was committed. */
async function readIndex(directory: string, info: Info): Promise<EpisodeRecord[] | null> {
  if (info.episodesHash === null) return [];
  const path = join(directory, EPISODES_PATH);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
  if (sha256(bytes) !== info.episodesHash) return null;
  return decodeEpisodes(path, bytes, info.task, info.camera);
}

/** What the index should say, from the episodes themselves. */
async function readRecords(directory: string, info: Info): Promise<EpisodeRecord[]> {
  const paths = Array.from({ length: info.episodes }, (_, i) => join(directory, dataPath(i)));
  const hashes: string[] = [];
  for (const path of paths) hashes.push(sha256(await readBytes(path)));
  const dataHash = filesHash(hashes);
  if (dataHash !== info.dataHash) {
    throw damaged(join(directory, 'data'), `files with hash ${info.dataHash}`, dataHash);
  }
  const records: EpisodeRecord[] = [];
  let firstFrame = 0;
  for (const [episode, path] of paths.entries()) {
    const bytes = await readVerified(path, hashes[episode]);
    const position = { episode, firstFrame };
    const demonstration = await decodeEpisode(path, bytes, info.task, position, info.camera);
    records.push(recordOf(info.task, demonstration, position, bytes, info.camera));
    firstFrame += demonstration.length;
  }
  return records;
}

/** @throws DatasetError 'damaged' where the file is not what was committed */
export async function readEpisode(
  directory: string,
  { task, camera, records, firstFrames }: Commit,
  episode: number,
): Promise<Demonstration> {
  const path = join(directory, dataPath(episode));
  const bytes = await readVerified(path, records[episode].fileHash);
  const position = { episode, firstFrame: firstFrames[episode] };
  return decodeEpisode(path, bytes, task, position, camera);
}

/**
 * A Parquet file that is what was committed. Only such are parsed: a single flipped bit in the size
 * of a page can keep a Parquet reader busy for minutes.
 */
async function readVerified(path: string, expected: string): Promise<Uint8Array> {
  const bytes = await readBytes(path);
  const got = sha256(bytes);
  if (got !== expected) throw damaged(path, `sha-256 ${expected}`, got);
  return bytes;
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_SIZE) throw damaged(path, `at most ${MAX_FILE_SIZE} bytes`, `${size}`);
    return await readFile(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) {
      throw damaged(path, 'a file', 'none', error);
    }
    throw error;
  }
}
