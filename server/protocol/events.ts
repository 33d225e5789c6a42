import { z } from 'zod';
import { nameSchema } from '../../policies/config/index.ts';
import { NAME_PATTERN } from '../../policies/config/names.ts';
import { pageCompareSchema } from './compare.ts';
import { editRequestSchema, mergeRequestSchema, splitRequestSchema } from './dataset-edits.ts';
import type { DatasetOverview, EpisodeView } from './dataset-views.ts';
import {
  type DatasetSummary,
  type EpisodeSummary,
  generateRequestSchema,
  type OfferedSet,
  type RecordingAccepted,
  recordingSchema,
} from './datasets.ts';
import type { ErrorReport } from './errors.ts';
import {
  type ExperimentList,
  type ExperimentRollouts,
  type ExperimentView,
  experimentRolloutsSchema,
  renameExperimentSchema,
} from './experiments.ts';
import { inquirySchema } from './inquiry.ts';
import {
  actionsRequestSchema,
  type DemonstratedActions,
  type NoiseLevels,
  noiseLevelsRequestSchema,
} from './lesson.ts';
import {
  type DrawnPictures,
  drawRequestSchema,
  type Painters,
  type PictureLevels,
  pictureLevelsRequestSchema,
} from './pictures.ts';
import type { ShippedPolicy } from './policies.ts';
import type { Guest } from './policy-servers.ts';
import type { Comparison } from './results.ts';
import { type Metric, type Run, renameRequestSchema, trainRequestSchema } from './runs.ts';
import {
  type StageEpisode,
  type StageProblem,
  type StageTrouble,
  stageCommandSchema,
} from './stage.ts';
import { goOnSchema } from './takeover.ts';

const nothing = z.strictObject({});
const idOnly = z.strictObject({ id: nameSchema });
const nameOnly = z.strictObject({ name: nameSchema });
const episodeOf = z.strictObject({
  name: nameSchema,
  episode: z.int().min(0),
  /** Of the dataset as it was when the episode was chosen. */
  hash: z.string().max(128),
});
/** Of a run or an experiment. */
const IN_TRASH = new RegExp(`^${NAME_PATTERN}\\.\\d{8}T\\d{9}Z$`);

/** What a client may ask: one schema a request, checked before anything else happens. */
export const REQUESTS = {
  /** What there is: datasets, runs, jobs under way, the last results. */
  hello: nothing,
  /** Something asked of this connection's stage. */
  'stage:command': stageCommandSchema,
  /** Asks about a moment of this connection's stage; answered in binary. */
  'stage:ask': inquirySchema,
  /** Lets a policy go on from where a person left the arm; their commands follow: f32 [n, 8]. */
  'stage:go-on': goOnSchema,
  'train:start': trainRequestSchema,
  'train:stop': idOnly,
  'train:resume': idOnly,
  'run:metrics': idOnly,
  'run:rename': renameRequestSchema,
  /** Moves a run that nobody trains to the trash; `run:restore` takes it out again. */
  'run:trash': idOnly,
  'run:restore': z.strictObject({ id: z.string().regex(IN_TRASH) }),
  'demos:generate': generateRequestSchema,
  /** Makes one of the sets that shipped policies learnt from, by its hash. */
  'demos:make-set': z.strictObject({ hash: z.string().max(128) }),
  'demos:episodes': nameOnly,
  /** All paths of a dataset, thinned. */
  'demos:overview': nameOnly,
  /** The frames of an episode. */
  'demos:episode': episodeOf,
  /** Moves a dataset to the trash; `demos:restore` takes it out again. */
  'demos:trash': nameOnly,
  'demos:restore': z.strictObject({ id: z.string().max(128) }),
  /** Puts a changed version in the dataset's place, and that itself into the trash. */
  'demos:edit': editRequestSchema,
  /** Makes a dataset of each part of one. */
  'demos:split': splitRequestSchema,
  /** Makes one dataset of several. */
  'demos:merge': mergeRequestSchema,
  /** The commands follow as the second argument: f32 [T, 8]. */
  'record:save': recordingSchema,
  'compare:start': pageCompareSchema,
  /** All experiments in the data directory. */
  'experiments:list': nothing,
  'experiment:open': nameOnly,
  /** Some rollouts of one of its contenders, failures first. */
  'experiment:rollouts': experimentRolloutsSchema,
  /** Runs what is missing of it; its job says how far that is. */
  'experiment:continue': nameOnly,
  'experiment:rename': renameExperimentSchema,
  /** Moves one that nobody runs to the trash; `experiment:restore` takes it out again. */
  'experiment:trash': nameOnly,
  'experiment:restore': z.strictObject({ id: z.string().regex(IN_TRASH) }),
  'job:stop': idOnly,
  /** The actions of one demonstration, to be noised. */
  'lesson:actions': actionsRequestSchema,
  /** A policy's loss by noise level. */
  'lesson:noise-levels': noiseLevelsRequestSchema,
  /** What draws pictures here. */
  'pictures:painters': nothing,
  'pictures:draw': drawRequestSchema,
  /** Ends what this connection has asked painters for and has no answer yet. */
  'pictures:stop': nothing,
  /** A painter's loss by noise level. */
  'pictures:noise-levels': pictureLevelsRequestSchema,
} as const;

export type RequestName = keyof typeof REQUESTS;
/** Those beside which commands come, as bytes. */
export type RequestWithCommands = 'record:save' | 'stage:go-on';
export type RequestInput<N extends RequestName> = z.input<(typeof REQUESTS)[N]>;
export type RequestData<N extends RequestName> = z.output<(typeof REQUESTS)[N]>;

/** What comes before a training's first step: drawing a reflow's pairs, rendering what a camera saw. */
export interface Preparation {
  readonly preparing: 'pairs' | 'pictures';
  /** Of it that is done, 0 … 1. */
  readonly share: number;
}

/** A long piece of work and how far it is. */
export interface Job {
  readonly id: string;
  readonly kind: 'generate' | 'train' | 'compare';
  readonly title: string;
  /** The experiment that it runs, by its name; left out of all else. */
  readonly experiment?: string;
  readonly status: 'queued' | 'running' | 'done' | 'stopped' | 'failed';
  /** From 0 to 1. */
  readonly progress: number;
  /** Under way now, before there is progress; null where nothing is to be prepared, or all is. */
  readonly preparation: Preparation | null;
  /** Estimate of the time left, s; null before there is one. */
  readonly secondsLeft: number | null;
  readonly error: ErrorReport | null;
}

/** The result of a comparison; `id` is its job's. */
export interface ComparisonEntry {
  readonly id: string;
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly comparison: Comparison;
}

/** What is there and cannot be read: shown beside what can. */
export interface DamagedEntry {
  readonly kind: 'dataset' | 'run';
  readonly name: string;
  /** What was expected, what was got, and what to do about it. */
  readonly message: string;
}

/** How many entries of each list are not sent: they are too large, or too many. */
export interface Omitted {
  readonly runs: number;
  readonly datasets: number;
  readonly jobs: number;
  readonly comparisons: number;
}

export interface Hello {
  readonly version: string;
  /** Checkpoints that ship. */
  readonly shipped: readonly ShippedPolicy[];
  /** The demonstrations that these have learnt from; left out by older servers. */
  readonly sets?: readonly OfferedSet[];
  readonly datasets: readonly DatasetSummary[];
  readonly runs: readonly Run[];
  readonly jobs: readonly Job[];
  /** The last results, oldest first. */
  readonly comparisons: readonly ComparisonEntry[];
  /** Not all of them where there are many. */
  readonly damaged?: readonly DamagedEntry[];
  /** What policies can read with beside their own networks; null, or left out: nothing. */
  readonly textEncoder?: NamedEncoder | null;
  /** Policy servers that it was started with; left out where there are none. */
  readonly guests?: readonly Guest[];
  /** Left out where everything is sent. */
  readonly omitted?: Omitted;
}

/** A text encoder from outside, with the digests of its file and of its tokenizer's. */
export interface NamedEncoder {
  readonly name: string;
  readonly model: string;
  readonly tokenizer: string;
}

/** What each request is answered with. */
export interface Responses {
  hello: Hello;
  'stage:command': Record<string, never>;
  /** As `inquiry-frames.ts` packs it. */
  'stage:ask': ArrayBuffer;
  'stage:go-on': Record<string, never>;
  'train:start': Run;
  'train:stop': Record<string, never>;
  'train:resume': Run;
  'run:metrics': readonly Metric[];
  'run:rename': Run;
  'run:trash': { readonly id: string };
  'run:restore': Run;
  'demos:generate': Job;
  'demos:make-set': Job;
  'demos:episodes': readonly EpisodeSummary[];
  'demos:overview': DatasetOverview;
  'demos:episode': EpisodeView;
  'demos:trash': { readonly id: string };
  'demos:restore': DatasetSummary;
  'demos:edit': { readonly id: string };
  'demos:split': readonly DatasetSummary[];
  'demos:merge': DatasetSummary;
  'record:save': RecordingAccepted;
  'compare:start': Job;
  'experiments:list': ExperimentList;
  'experiment:open': ExperimentView;
  'experiment:rollouts': ExperimentRollouts;
  'experiment:continue': Job;
  'experiment:rename': Record<string, never>;
  'experiment:trash': { readonly id: string };
  'experiment:restore': { readonly name: string };
  'job:stop': Record<string, never>;
  'lesson:actions': DemonstratedActions;
  'lesson:noise-levels': NoiseLevels;
  'pictures:painters': Painters;
  'pictures:draw': DrawnPictures;
  'pictures:stop': Record<string, never>;
  'pictures:noise-levels': PictureLevels;
}

/** Every request is acknowledged with one of these. */
export type Answer<N extends RequestName> =
  | { readonly ok: true; readonly data: Responses[N] }
  | { readonly ok: false; readonly error: ErrorReport };

export type RequestEvents = {
  [N in RequestName]: N extends RequestWithCommands
    ? (
        request: RequestInput<N>,
        commands: ArrayBuffer | Uint8Array,
        answer: (answer: Answer<N>) => void,
      ) => void
    : (request: RequestInput<N>, answer: (answer: Answer<N>) => void) => void;
};

/**
 * What the server says of itself. Frames and fans are binary; a page calls `received` for each, and
 * gets fewer of them where it is slow. Everything else arrives.
 */
export interface ServerEvents {
  'stage:frame': (packed: ArrayBuffer, received: () => void) => void;
  'stage:fan': (packed: ArrayBuffer, received: () => void) => void;
  'stage:episode': (episode: StageEpisode) => void;
  'stage:error': (problem: StageProblem) => void;
  'stage:trouble': (trouble: StageTrouble) => void;
  /** All policy servers that the server was started with, after one of them has changed. */
  guests: (guests: readonly Guest[]) => void;
  /** A run that is new or has changed. */
  run: (run: Run) => void;
  /** A run is no longer listed: it is in the trash. */
  'run:trashed': (id: string) => void;
  metric: (id: string, metric: Metric) => void;
  /** All datasets, after one has changed. */
  datasets: (datasets: readonly DatasetSummary[]) => void;
  job: (job: Job) => void;
  comparison: (id: string, comparison: Comparison, at: string) => void;
  /** Experiments are others by now, or called otherwise. */
  experiments: () => void;
}
