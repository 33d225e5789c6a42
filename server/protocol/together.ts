import { z } from 'zod';
import { recordOf } from '../../policies/config/record.ts';
import { LIMITS } from './limits.ts';

const digest = z.string().regex(/^[0-9a-f]{32}$/);
const tally = z.int().min(0).max(LIMITS.together.episode);

const laneCountsSchema = z.strictObject({
  episodes: tally,
  successes: tally,
  contacts: tally,
  obeyed: tally,
  modes: recordOf(z.string().max(LIMITS.together.modeName), tally),
});

/**
 * What servers tell one another of the stages that their pages watch together. Where a stage is only
 * grows, so that words that are lost, late, doubled or out of order do no harm.
 */
export const togetherSchema = z.discriminatedUnion('kind', [
  /** Who opens a stage asks how far others have come. */
  z.strictObject({ kind: z.literal('where'), stage: digest }),
  /** An episode has begun. */
  z.strictObject({
    kind: z.literal('begun'),
    /** What it is called: a digest of all that decides what it shows. */
    stage: digest,
    episode: tally,
    /** Lane by lane, before the episode. */
    counts: z.array(laneCountsSchema).min(1).max(LIMITS.lanes),
    /** Of the frames of the episode before; null where not all of it was played. */
    played: digest.nullable(),
  }),
]);

export type TogetherWord = z.output<typeof togetherSchema>;
