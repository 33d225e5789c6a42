import type { ControlHz, Task } from '../../sim/index.ts';
import { datasetHash, filesHash } from './digest.ts';
import { type Extras, NO_EXTRAS } from './extras.ts';
import type { EpisodeRecord } from './record.ts';
import { poolAllStatistics, type Statistics } from './statistics.ts';

/** One committed state of a dataset. */
export interface Commit extends Extras {
  readonly task: Task;
  readonly controlHz: ControlHz;
  readonly records: readonly EpisodeRecord[];
  /** Where each episode's frames begin. */
  readonly firstFrames: readonly number[];
  readonly frames: number;
  /** `datasetHash` of the episodes. */
  readonly hash: string;
  /** `filesHash` of their data files. */
  readonly dataHash: string;
}

export function commitOf(
  task: Task,
  controlHz: ControlHz,
  records: readonly EpisodeRecord[],
  { camera, interventions, facts }: Extras = NO_EXTRAS,
): Commit {
  const firstFrames: number[] = [];
  let frames = 0;
  for (const { facts } of records) {
    firstFrames.push(frames);
    frames += facts.length;
  }
  const digests = records.map(({ digest }) => digest);
  const hash = datasetHash(task.name, controlHz, digests, camera);
  const dataHash = filesHash(records.map(({ fileHash }) => fileHash));
  return {
    ...{ task, controlHz, camera, interventions, facts, records, firstFrames, frames },
    ...{ hash, dataHash },
  };
}

/** Statistics of all frames, as `meta/stats.json` has them. */
export function statisticsOf({ records }: Commit): Statistics {
  return poolAllStatistics(records.map(({ statistics }) => statistics));
}
