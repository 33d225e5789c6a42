import { z } from 'zod';
import { nameSchema } from '../../policies/config/index.ts';
import type { ShippedName } from '../../policies/config/shipped.ts';
import { REPLAY_HASH } from '../../sim/replay-hash.ts';
import type { Hull } from '../../sim/tasks/start-region.ts';
import { LIMITS } from './limits.ts';

/** A dataset as lists show it. */
export interface DatasetSummary {
  readonly name: string;
  readonly task: string;
  readonly controlHz: number;
  readonly episodes: number;
  readonly frames: number;
  readonly modes: Readonly<Record<string, number>>;
  readonly successes: number;
  /** Episodes recorded in a browser. */
  readonly recorded: number;
  /** Episodes that a policy began and a person corrected; left out where there are none. */
  readonly corrected?: number;
  /** Episodes that came from elsewhere and do not replay; left out where there are none. */
  readonly unverified?: number;
  readonly hash: string;
}

/** What is to be taken in, and how it is to be read where another program wrote it. */
export interface ImportRequest {
  /** Of a directory or an archive. */
  readonly path: string;
  /** Of the new dataset. */
  readonly name: string;
  /** Whose scene it shows. @default the one it tells by its names and words */
  readonly task?: string;
  /** Features that stand for what is learnt from here, put together in order. */
  readonly map?: Readonly<
    Partial<
      Record<'observation.state' | 'observation.environment_state' | 'action', readonly string[]>
    >
  >;
  /** Control rate to bring it to, Hz, or the nearest to its own. @default as it is */
  readonly resample?: 20 | 50 | 'nearest';
}

/** Episodes read, of those in its index. */
export interface ImportProgress {
  readonly done: number;
  readonly total: number;
}

export interface Imported {
  readonly dataset: DatasetSummary;
  /** What is to be said of it, in sentences. */
  readonly notes: readonly string[];
}

/** The demonstrations that policies that ship have learnt from: made again from their seed. */
export interface DemonstrationSet {
  /** Of the dataset that the seed gives. */
  readonly hash: string;
  readonly task: string;
  readonly controlHz: number;
  readonly episodes: number;
  readonly seed: number;
  readonly policies: readonly ShippedName[];
  /** Where each object lay at its starts. */
  readonly starts: readonly Hull[];
}

/** A set, and whether somebody made it and threw it away. */
export interface OfferedSet extends DemonstrationSet {
  readonly thrownAway: boolean;
}

export interface EpisodeSummary {
  readonly index: number;
  readonly mode: string | null;
  /** What the demonstrator was told, in a task with a language. */
  readonly instruction?: string;
  readonly source: string;
  /** Control steps that a person took over from a policy; left out where there are none. */
  readonly interventions?: number;
  readonly success: boolean;
  readonly contact: boolean;
  /** Control steps. */
  readonly length: number;
  /** Null of one that is not verified: it came from elsewhere and does not replay. */
  readonly replayHash: string | null;
}

export const generateRequestSchema = z.strictObject({
  task: nameSchema.default('left-right'),
  /** Demonstrations in all; they come in pairs, one of each mode from equal starts. */
  episodes: z.int().min(1).max(LIMITS.episodes),
  seed: z.int().min(0).max(LIMITS.seed).default(0),
  out: nameSchema,
  controlHz: z.union([z.literal(20), z.literal(50)]).default(20),
  /** Disturb the hand while the expert's correction is recorded. */
  pushes: z.boolean().default(true),
  /** Keep the camera's pictures as well, in so many pixels a side. */
  camera: z.int().min(64).max(256).optional(),
  /** Only this mode, to see what a policy makes of it. */
  mode: nameSchema.optional(),
});

export type GenerateRequest = z.infer<typeof generateRequestSchema>;

const finite = z.number().refine(Number.isFinite);

/** Where a recording began; the commands travel beside it as one Float32Array. */
export const recordingSchema = z.strictObject({
  task: nameSchema,
  dataset: nameSchema,
  controlHz: z.union([z.literal(20), z.literal(50)]),
  /** Seed the start was drawn from, or null where the object was moved by hand. */
  seed: z.int().min(0).nullable(),
  initial: z.strictObject({
    joints: z.array(finite).length(7),
    gripperOpening: finite,
    objects: z.array(z.tuple([finite, finite, finite])).max(8),
    instruction: z.string().max(LIMITS.instruction).exactOptional(),
  }),
  /** Fingerprint of the episode as the browser's physics stepped it. */
  replayHash: z.string().regex(REPLAY_HASH),
  /**
   * Spans of control steps that a person commanded, from and to (not included), where the others were
   * a policy's; left out where all are the person's.
   */
  interventions: z
    .array(z.tuple([z.int().min(0), z.int().min(1)]))
    .min(1)
    .max(LIMITS.interventions)
    .exactOptional(),
  /** Whose demonstrations a dataset of corrections begins with where it is a new one. */
  beginWith: nameSchema.exactOptional(),
});

export type Recording = z.infer<typeof recordingSchema>;

export interface RecordingAccepted {
  readonly dataset: DatasetSummary;
  readonly episode: EpisodeSummary;
}
