import type { Task } from '../../sim/index.ts';
import type { Demonstration } from '../demonstration.ts';
import { sha256 } from '../files/index.ts';
import { episodeDigest } from './digest.ts';
import { encodeEpisode } from './episode-file.ts';
import { type Extras, NO_EXTRAS } from './extras.ts';
import { type EpisodeFacts, factsOf } from './facts.ts';
import { type EpisodePosition, framesOf, measuredFeatures } from './features.ts';
import { pictureStatistics } from './pictures.ts';
import { computeStatistics, type Statistics } from './statistics.ts';

/** What the index keeps of one episode. */
export interface EpisodeRecord {
  readonly facts: EpisodeFacts;
  /** `episodeDigest` of the demonstration. */
  readonly digest: string;
  /** Sha-256 of the data file's bytes. */
  readonly fileHash: string;
  readonly statistics: Statistics;
}

/** A demonstration's data file and its entry in the index. */
export function encodeRecord(
  task: Task,
  demonstration: Demonstration,
  position: EpisodePosition,
  extras: Extras = NO_EXTRAS,
): { bytes: Uint8Array; record: EpisodeRecord } {
  const bytes = encodeEpisode(task, demonstration, position, extras);
  return { bytes, record: recordOf(task, demonstration, position, bytes, extras) };
}

/** The entry in the index of an episode whose data file has these bytes. */
export function recordOf(
  task: Task,
  demonstration: Demonstration,
  position: EpisodePosition,
  bytes: Uint8Array,
  extras: Extras = NO_EXTRAS,
): EpisodeRecord {
  const frames = framesOf(demonstration, position);
  return {
    facts: factsOf(demonstration),
    digest: episodeDigest(demonstration),
    fileHash: sha256(bytes),
    statistics: Object.fromEntries(
      measuredFeatures(task, extras).map(({ name, dtype, width }) => [
        name,
        dtype === 'image'
          ? pictureStatistics(demonstration, width)
          : computeStatistics(frames[name], width),
      ]),
    ),
  };
}
