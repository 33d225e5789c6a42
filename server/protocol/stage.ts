import { z } from 'zod';
import { nameSchema, samplerChoiceSchema } from '../../policies/config/index.ts';
import { type Chunking, SCHEMES } from './chunking.ts';
import type { ErrorReport } from './errors.ts';
import { LIMITS } from './limits.ts';
import { perturbationTextSchema } from './perturbation-schema.ts';
import { policySourceSchema } from './source-schema.ts';
import type { PolicySource } from './sources.ts';
import { STAGE_DEFAULTS } from './stage-defaults.ts';

/** One of the linked views: a policy, and how its chunks are drawn. */
export const laneSchema = z.strictObject({
  policy: policySourceSchema,
  ...samplerChoiceSchema.shape,
  /** Scale of classifier-free guidance by the instruction, w. @default 1 */
  guidance: z.number().min(0).max(LIMITS.guidance).optional(),
});

export type Lane = z.infer<typeof laneSchema>;

const chunkingSchema = z.strictObject({
  scheme: z.enum(SCHEMES),
  /** d, control steps; the horizons of a policy may leave room for less. */
  delay: z.int().min(0).max(LIMITS.delay),
});

/** All that decides what a stage shows; the same settings show the same episodes. */
export const stageSettingsSchema = z.strictObject({
  task: nameSchema.default(STAGE_DEFAULTS.task),
  lanes: z.array(laneSchema).min(1).max(LIMITS.lanes),
  /** Seed of starts and noise. */
  seed: z.int().min(0).max(LIMITS.seed).default(STAGE_DEFAULTS.seed),
  /** Tells apart the noise of episodes of one seed: same starts, other plans. */
  noise: z.int().min(0).max(LIMITS.noise).default(STAGE_DEFAULTS.noise),
  /**
   * Plays rollouts of an evaluation in which so many advance together, to the bit: the episode is its
   * start, the noise that of its grid, and plans are drawn in batches of that size, on which their last
   * bits depend. @default each plan alone
   */
  batch: z.int().min(1).max(LIMITS.batch).optional(),
  /** Number of the first episode. */
  episode: z.int().min(0).max(65_535).default(STAGE_DEFAULTS.episode),
  /** Ta, control steps. @default 1 s, at most the whole plan */
  actionHorizon: z.int().min(1).max(128).optional(),
  /** Plans drawn at each inference; the first one acts. */
  fan: z.int().min(1).max(LIMITS.fan).default(STAGE_DEFAULTS.fan),
  /** Simulated seconds a second. */
  speed: z.number().min(0.1).max(8).default(STAGE_DEFAULTS.speed),
  /** Say with each plan of a policy that reads where it looked. */
  attention: z.boolean().default(STAGE_DEFAULTS.attention),
  /** Where a person put the objects, m, in the task's order; where the seed puts them if left out. */
  objects: z
    .array(z.tuple([z.number(), z.number()]))
    .min(1)
    .max(LIMITS.objects)
    .optional(),
  /**
   * What all policies are told in every episode; empty: they may do as they like. Left out, each
   * episode of a task with a language has a sentence of its own.
   */
  instruction: z.string().max(LIMITS.instruction).optional(),
  /** What arms do while a plan is made. @default each plan is there at once */
  chunking: chunkingSchema.optional(),
  /** What is otherwise in all views than where policies were trained. @default nothing */
  perturb: perturbationTextSchema.optional(),
  /**
   * Watches one stage with all who ask for the same: where it is in its episodes is then no one's to
   * decide, and `episode` counts for who comes first. @default a stage of one's own
   */
  together: z.literal(true).optional(),
  /** A number of the client's choice, by which it knows what comes of these settings. */
  request: z.int().min(0).default(STAGE_DEFAULTS.request),
});

export type StageSettings = z.infer<typeof stageSettingsSchema>;
/** As a client sends them: what has a default may be left out. */
export type StageRequest = z.input<typeof stageSettingsSchema>;

/** A moment that a viewer waits for, of an episode under way or to come. */
const soughtMomentSchema = z.strictObject({
  /** Of the settings it is of. */
  request: stageSettingsSchema.shape.request.unwrap(),
  /** Number of the episode. */
  episode: stageSettingsSchema.shape.episode.unwrap(),
  /** Control step. */
  step: z.int().min(0).max(LIMITS.inquiry.step),
});

export type SoughtMoment = z.infer<typeof soughtMomentSchema>;

/** What a viewer may ask of its stage, passed on as it is from the page to the stage. */
export const stageCommandSchema = z.discriminatedUnion('kind', [
  /** Opens the stage, or changes its settings: the episode starts again. */
  z.strictObject({
    kind: z.literal('set'),
    settings: stageSettingsSchema,
    /** As of `play`, from the first step on: told later, a stage may have passed it by then. */
    until: soughtMomentSchema.optional(),
  }),
  z.strictObject({
    kind: z.literal('play'),
    playing: z.boolean(),
    /** How far it plays, as fast as it can, to rest there; what a stage that is watched together is not asked. */
    until: soughtMomentSchema.optional(),
  }),
  /** Changes the pace; the episode goes on. */
  z.strictObject({ kind: z.literal('speed'), speed: stageSettingsSchema.shape.speed.unwrap() }),
  /** Plans of policies that read say where they look, from the next plan on; the episode goes on. */
  z.strictObject({ kind: z.literal('attention'), attention: z.boolean() }),
  /** Ends the episode and begins the next. */
  z.strictObject({ kind: z.literal('next') }),
]);

export type StageCommand = z.output<typeof stageCommandSchema>;

/** Outcomes of one lane's episodes since its policy or what all lanes share last changed. */
export interface LaneCounts {
  readonly episodes: number;
  readonly successes: number;
  readonly contacts: number;
  /** Successes in the mode that was asked for, where one was. */
  readonly obeyed: number;
  /** Successes by mode. */
  readonly modes: Readonly<Record<string, number>>;
}

/** How far a stage has come, which follows from its settings and whoever plays it. */
export interface StagePosition {
  /** Number of the episode that has begun. */
  readonly episode: number;
  /** Lane by lane, before that. */
  readonly counts: readonly LaneCounts[];
}

/** What a lane is, said when a stage opens. */
export interface LaneInfo {
  /** What it is called: by its method, where it has no name of its own. */
  readonly policy: string;
  readonly source: PolicySource;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: string | null;
  readonly nfe: number;
  /** Of DDIM; 0 also for every other sampler. */
  readonly eta: number;
  readonly parameters: number;
  readonly predHorizon: number;
  /** Scale of classifier-free guidance, w; 1 also for a policy that reads nothing. */
  readonly guidance: number;
  /**
   * What its plans can look at: the words of the instruction as it reads them, `<start>` first, then
   * in angle brackets what it observes. Empty for a policy that reads nothing.
   */
  readonly tokens: readonly string[];
  /** Words of the instruction that it does not know: it has never seen them. */
  readonly unknown: readonly string[];
  /** What its arm does while a plan is made, which need not be what was asked for; left out: plans are there at once. */
  readonly chunking?: Chunking;
}

/** Said when an episode begins: everything before it on the same stage is over. */
export interface StageEpisode {
  /** Of the settings it comes of. */
  readonly request: number;
  /** Its frames and fans carry it; the viewer's episodes before and after have others. */
  readonly id: number;
  readonly task: string;
  readonly seed: number;
  /** Which noise of the seed it draws. */
  readonly noise: number;
  /** Its number among those of the seed. */
  readonly episode: number;
  readonly actionHorizon: number;
  readonly controlHz: number;
  readonly engine: string;
  readonly lanes: readonly LaneInfo[];
  readonly counts: readonly LaneCounts[];
  /** Where the objects are, m, in the task's order. */
  readonly objects: readonly (readonly [x: number, y: number, z: number])[];
  /** What all policies are told; null in a task without a language. */
  readonly instruction: string | null;
}

/** Why a policy that is asked elsewhere had no plan: its view holds still until the next episode. */
export interface StageTrouble {
  readonly episodeId: number;
  /** Place among the lanes of the episode. */
  readonly lane: number;
  readonly message: string;
}

/** Why settings make no stage, or why one has ended. */
export interface StageProblem extends ErrorReport {
  /** Of the settings it comes of. */
  readonly request: number;
  /** Place among the lanes that were asked for of the one it is about; null where it is no single one. */
  readonly lane: number | null;
  /** It is the instruction that is to be put otherwise, whoever acts. */
  readonly instruction: boolean;
}
