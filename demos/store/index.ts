export { Dataset, type DatasetInfo, type DatasetOptions } from './dataset.ts';
export { datasetHash, episodeDigest } from './digest.ts';
export {
  DATASET_ERROR_CODES,
  DatasetError,
  type DatasetErrorCode,
} from './errors.ts';
export type { Extras } from './extras.ts';
export type { EpisodeFacts } from './facts.ts';
export { packDemonstration, packedSchema, unpackDemonstration } from './packed.ts';
export {
  computeStatistics,
  type FeatureStatistics,
  poolStatistics,
  type Statistics,
} from './statistics.ts';
export { type DatasetListing, DatasetStore, type TrashEntry } from './store.ts';
export { checkDemonstration } from './validate.ts';
