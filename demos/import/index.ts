/** Datasets of other programs, in LeRobot's layouts: read with suspicion, and nothing written. */
export { isOwn } from './description.ts';
export { ForeignDataset, type ForeignEpisode, type ForeignOptions } from './read.ts';
export { quoted, refusal } from './refusal.ts';
export { type FeatureMap, ROLES, type Role } from './roles.ts';
