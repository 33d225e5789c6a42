import { dirname, join } from 'node:path';
import { makeDirectory, writeFileAtomic } from '../files/index.ts';
import { derivedFiles } from './derived.ts';
import { encodeEpisodes } from './episodes-file.ts';
import { dataPath, EPISODES_PATH, INFO_PATH } from './layout.ts';
import { type Loaded, readEpisodeFile } from './load.ts';

/**
 * Copies what a dataset commits, and nothing else, into an empty directory: data files as they were
 * committed, all that follows from them as it should be.
 *
 * @param signal ends it between two files
 * @throws DatasetError 'damaged' where a data file is not what was committed; the signal's reason
 */
export async function copyDataset(
  directory: string,
  { commit, info }: Pick<Loaded, 'commit' | 'info'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const { task, records } = commit;
  const write = async (path: string, content: Uint8Array | string) => {
    await makeDirectory(target, dirname(path));
    await writeFileAtomic(join(target, path), content);
  };
  for (const episode of records.keys()) {
    signal?.throwIfAborted();
    await write(dataPath(episode), await readEpisodeFile(directory, commit, episode));
  }
  if (records.length > 0) await write(EPISODES_PATH, encodeEpisodes(task, records, commit));
  for (const [path, content] of derivedFiles(commit)) await write(path, content);
  await write(INFO_PATH, info);
}
