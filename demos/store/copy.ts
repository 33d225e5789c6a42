import { dirname, join } from 'node:path';
import { makeDirectory, writeFileAtomic } from '../files/index.ts';
import { derivedFiles } from './derived.ts';
import { encodeEpisodes } from './episodes-file.ts';
import { dataPath, EPISODES_PATH, INFO_PATH } from './layout.ts';
import { type Loaded, readEpisodeFile } from './load.ts';

/** A file of a dataset, its path relative to the dataset's directory. */
export interface CommittedFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

/**
 * What a dataset commits, and nothing else: data files as they were committed, all that follows from
 * them as it should be, `meta/info.json` last.
 *
 * @throws DatasetError 'damaged' where a data file is not what was committed
 */
export async function* committedFiles(
  directory: string,
  { commit, info }: Pick<Loaded, 'commit' | 'info'>,
): AsyncGenerator<CommittedFile, void, undefined> {
  const { task, records } = commit;
  for (const episode of records.keys()) {
    yield { path: dataPath(episode), content: await readEpisodeFile(directory, commit, episode) };
  }
  if (records.length > 0) {
    yield { path: EPISODES_PATH, content: encodeEpisodes(task, records, commit) };
  }
  for (const [path, content] of derivedFiles(commit)) yield { path, content };
  yield { path: INFO_PATH, content: info };
}

/**
 * Copies what a dataset commits into an empty directory.
 *
 * @param signal ends it between two files
 * @throws DatasetError 'damaged' where a data file is not what was committed; the signal's reason
 */
export async function copyDataset(
  directory: string,
  loaded: Pick<Loaded, 'commit' | 'info'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  for await (const { path, content } of committedFiles(directory, loaded)) {
    signal?.throwIfAborted();
    await makeDirectory(target, dirname(path));
    await writeFileAtomic(join(target, path), content);
  }
}
