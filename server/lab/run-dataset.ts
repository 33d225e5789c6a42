import type { DatasetStore } from '../../demos/store/index.ts';
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
  if (hash !== undefined && hash !== run.dataset.hash) throw datasetChanged(run, hash);
}

/** Why a run cannot go on, and what can be done in its place. */
export function datasetChanged({ id, policy, dataset, step }: Run, got: string): ProtocolError {
  const begins = step > 0 && policy !== 'reflow';
  const cure = begins
    ? `start a new run from its weights on what is there now (on the page "New run from these ` +
      `weights", or train --policy ${policy} --dataset ${dataset.name} --from ${id})`
    : `start a new run on what is there now (train --policy ${policy} --dataset ${dataset.name})`;
  return new ProtocolError(
    'conflict',
    `run ${id}: expected dataset ${dataset.name} as it was when the run began ` +
      `(${dataset.episodes} episodes, hash ${dataset.hash.slice(0, 12)}), got hash ` +
      `${got.slice(0, 12)}; ${cure}`,
  );
}
