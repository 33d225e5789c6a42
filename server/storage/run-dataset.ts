import type { DatasetStore } from '../../demos/store/index.ts';
import { findMethod } from '../../policies/methods/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Run } from '../protocol/runs.ts';

/**
 * Makes sure that a run's demonstrations are those it began with, before it waits for its turn.
 * Whether they can be read is for the training to find out.
 *
 * @throws ProtocolError 'conflict' where there are others
 * @cost one small file a dataset
 */
export async function checkRunDataset(datasets: DatasetStore, run: Run): Promise<void> {
  const hash = (await datasets.hashes()).get(run.dataset.name);
  if (hash !== undefined && hash !== run.dataset.hash) throw datasetChanged(run, { hash });
}

/**
 * Makes sure that demonstrations are there that a run is to learn from.
 *
 * @throws ProtocolError 'not-found' where there are none of the name; 'conflict' where there are others
 * @cost one small file a dataset
 */
export async function checkDatasetThere(
  datasets: DatasetStore,
  { name, hash }: Run['dataset'],
): Promise<void> {
  const got = (await datasets.hashes()).get(name);
  if (got === hash) return;
  throw new ProtocolError(
    got === undefined ? 'not-found' : 'conflict',
    `dataset ${name}: expected the one of hash ${hash.slice(0, 12)} in ${datasets.root}, got ` +
      `${got?.slice(0, 12) ?? 'none'}; mount the data directory of whoever planned this, or plan it again`,
  );
}

/**
 * Why a run cannot go on, and what can be done in its place.
 *
 * @param got the dataset as it is now; how many episodes it has, where that is known
 */
export function datasetChanged(
  { id, policy, dataset, step }: Run,
  got: { readonly hash: string; readonly episodes?: number },
): ProtocolError {
  const command = `train --policy ${policy} --dataset ${dataset.name}`;
  // A reflow begins with its teacher's weights.
  const cure =
    step > 0 && !findMethod(policy).teacher
      ? `start a new run on it from these weights: ${command} --from ${id}, or on the page ` +
        '"New run from these weights"'
      : `start a new run on it: ${command}, or on the page "Start over on these"`;
  const count = got.episodes === undefined ? '' : `${got.episodes} episodes, `;
  return new ProtocolError(
    'conflict',
    `run ${id}: expected dataset ${dataset.name} as it was when the run began ` +
      `(${dataset.episodes} episodes, hash ${dataset.hash.slice(0, 12)}), got ${count}hash ` +
      `${got.hash.slice(0, 12)}; ${cure}`,
  );
}
