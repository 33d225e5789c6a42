import { z } from 'zod';
import { nameSchema } from '../../policies/config/index.ts';
import type { DatasetSummary } from './datasets.ts';
import { EPISODE_LIST } from './episode-list.ts';
import { LIMITS } from './limits.ts';

const episodes = z.string().max(12_000).regex(EPISODE_LIST, 'expected episodes like 0-9,12');

/** A change of a dataset; the version before goes to the trash, whence it can be had back. */
export const datasetEditSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delete'), episodes }),
  /** All others go. */
  z.strictObject({ kind: z.literal('keep'), episodes }),
  /** All that did not succeed go. */
  z.strictObject({ kind: z.literal('delete-failures') }),
  /**
   * Says something else of episodes: which mode they show, or, in tasks with a language, what the
   * demonstrator was told, by which success is then judged again.
   */
  z.strictObject({
    kind: z.literal('relabel'),
    episodes,
    mode: nameSchema.nullable().optional(),
    instruction: z.string().max(LIMITS.instruction).optional(),
  }),
  /** Ends an episode after so many control steps. */
  z.strictObject({ kind: z.literal('trim'), episode: z.int().min(0), length: z.int().min(1) }),
]);

export type DatasetEdit = z.infer<typeof datasetEditSchema>;

export const editRequestSchema = z.strictObject({
  name: nameSchema,
  /** Of the dataset as it was when the change was decided on. */
  hash: z.string().max(128),
  edit: datasetEditSchema,
});

export type EditRequest = z.infer<typeof editRequestSchema>;

export interface DatasetEdited {
  readonly dataset: DatasetSummary;
  /** What `demos:restore` takes to get the version before, once this one is in the trash. */
  readonly id: string;
}

export const splitRequestSchema = z.strictObject({
  name: nameSchema,
  hash: z.string().max(128),
  /** A dataset for each mode, each result, each kind of demonstrator, or both sides of an episode. */
  by: z.union([z.enum(['mode', 'result', 'source', 'verified']), z.int().min(1)]),
});

export type SplitRequest = z.infer<typeof splitRequestSchema>;

export const mergeRequestSchema = z.strictObject({
  /** In this order. */
  names: z.array(nameSchema).min(2).max(16),
  out: nameSchema,
});

export type MergeRequest = z.infer<typeof mergeRequestSchema>;
