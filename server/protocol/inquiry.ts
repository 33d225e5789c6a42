import { z } from 'zod';
import { EPISODE_IDS } from './frames.ts';
import { LIMITS } from './limits.ts';

/** A moment of an episode that a stage has shown: the plan that acted then. */
export const moment = {
  /** As `StageEpisode.id` named it: the episode under way, or the one before. */
  episodeId: z
    .int()
    .min(0)
    .max(EPISODE_IDS - 1),
  /** Place among the lanes of the stage. */
  lane: z.int().min(0).max(3),
  /** Control step: the last plan asked for until then is meant. */
  step: z.int().min(0).max(LIMITS.inquiry.step),
};

/** Network evaluations without guidance. @default as the lane draws */
const calls = z.int().min(1).max(LIMITS.inquiry.calls).optional();

const coordinate = z.number().min(-LIMITS.inquiry.coordinate).max(LIMITS.inquiry.coordinate);

/** What can be asked of a stage about a moment, without an effect on what it does. */
export const inquirySchema = z.discriminatedUnion('kind', [
  /** All commands of a view until the moment: answered by `packCommands`. */
  z.strictObject({ kind: z.literal('commands'), ...moment }),
  /** In what the attempt of a view ended: answered by `packEnding`. */
  z.strictObject({ kind: z.literal('ending'), ...moment }),
  /** How the plans of the moment came out of noise: answered by `packDenoising`. */
  z.strictObject({
    kind: z.literal('denoise'),
    ...moment,
    calls,
  }),
  /** Two directions of the noise of the plan that acted: answered by `packNoisePlane`. */
  z.strictObject({ kind: z.literal('plane'), ...moment }),
  /** What comes of other noise in that plane: answered by `packTurned`. */
  z.strictObject({
    kind: z.literal('turn'),
    ...moment,
    calls,
    points: z
      .array(z.tuple([coordinate, coordinate]))
      .min(1)
      .max(LIMITS.inquiry.points),
    /** With the paths of the plans. @default false */
    paths: z.boolean().default(false),
  }),
]);

export type Inquiry = z.output<typeof inquirySchema>;
export type InquiryKind = Inquiry['kind'];
/** What all of them say. */
export type InquiredMoment = Pick<Inquiry, 'episodeId' | 'lane' | 'step'>;
