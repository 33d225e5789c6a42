import { randomBytes } from 'node:crypto';
import type { DatasetStore } from '../../demos/store/index.ts';
import type { DatasetSummary } from '../protocol/datasets.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { summarizeDataset } from './datasets.ts';

export interface EpisodeRemoval {
  readonly name: string;
  readonly episode: number;
  /** Of the dataset as it was when the episode was chosen. */
  readonly hash: string;
}

export interface EpisodeRemoved {
  readonly dataset: DatasetSummary;
  /** What `DatasetStore.restore` takes to get the version before. */
  readonly id: string;
}

/**
 * Puts a version of a dataset without one of its episodes in its place; the version before goes to
 * the trash, with what another process may have added in the moment between. A kill then leaves it
 * there, and the new version under a name of its own.
 *
 * @throws ProtocolError 'conflict' where the dataset has changed since the episode was chosen
 * @throws DatasetError 'not-found' for no such dataset or episode; 'locked' while another writes
 * @cost reads and writes all its episodes
 */
export async function removeEpisode(
  datasets: DatasetStore,
  { name, episode, hash }: EpisodeRemoval,
): Promise<EpisodeRemoved> {
  if ((await datasets.open(name)).hash !== hash) throw changed(name);
  // No longer than a name may be.
  const draft = `${name.slice(0, 48)}-edit-${randomBytes(4).toString('hex')}`;
  await datasets.withoutEpisodes(name, [episode], draft);
  const edited = await datasets.trash(draft);
  if ((await datasets.open(name)).hash !== hash) throw changed(name);
  const id = await datasets.trash(name);
  const { info } = await datasets.restore(edited, name);
  return { dataset: summarizeDataset(info), id };
}

function changed(name: string): ProtocolError {
  return new ProtocolError(
    'conflict',
    `dataset ${name}: expected it as it was when the episode was chosen, it has changed since; ` +
      'look at its episodes again',
  );
}
