import type { DatasetStore } from '../../demos/store/index.ts';
import { Normalizer } from '../../policies/normalizer.ts';
import { ACTION_DIM } from '../../sim/index.ts';
import type { ActionsRequest, DemonstratedActions } from '../protocol/lesson.ts';

/**
 * The actions of one demonstration in the units in which they are noised.
 *
 * @throws DatasetError 'not-found' for a dataset or an episode that is not there; 'damaged'
 * @cost 1 ms for each episode of the dataset
 */
export async function readActions(
  datasets: DatasetStore,
  { dataset: name, episode }: ActionsRequest,
): Promise<DemonstratedActions> {
  const dataset = await datasets.open(name);
  const { mode, controlHz, action } = await dataset.read(episode);
  const normalizer = new Normalizer(dataset.statistics.action);
  return {
    dataset: name,
    episode,
    mode,
    controlHz,
    actionDim: ACTION_DIM,
    actions: Array.from(normalizer.normalize(action.slice())),
  };
}
