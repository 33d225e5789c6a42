import type { SamplerSpec } from '../../policies/spec/index.ts';
import type { GridCell, GridResult } from '../lab/evaluate.ts';
import type {
  DatasetSummary,
  GenerateRequest,
  Recording,
  RecordingAccepted,
} from '../protocol/datasets.ts';
import type { ErrorReport } from '../protocol/errors.ts';
import type { PolicyResult } from '../protocol/results.ts';
import type { Metric, Run } from '../protocol/runs.ts';
import type { PolicySource, StageEpisode, StageSettings } from '../protocol/stage.ts';

/** One policy under evaluation. */
export interface EvaluationInput {
  readonly data: string;
  readonly source: PolicySource;
  readonly sampler: SamplerSpec;
  readonly actionHorizon: number;
  readonly seed: number;
}

/**
 * Work that child processes do, by kind: what it takes, what it reports on its way, what it gives.
 * `data` is the data directory throughout.
 */
export interface Work {
  /** Trains a run that has been created, or goes on with it. */
  train: { input: { data: string; run: string }; progress: Metric; result: Run };
  /** Progress counts episodes. */
  generate: {
    input: { data: string; request: GenerateRequest };
    progress: number;
    result: DatasetSummary;
  };
  /** Some cells of an evaluation's grid; progress counts ended rollouts. */
  rollouts: {
    input: EvaluationInput & { cells: readonly GridCell[]; batch: number };
    progress: number;
    result: { results: GridResult[]; engine: string };
  };
  /** Times single plans; only meaningful with nothing else running. */
  latency: { input: EvaluationInput; progress: never; result: PolicyResult['latencyMs'] };
  /** Replays a browser's recording and keeps it where it ends in the same state. */
  accept: {
    input: { data: string; recording: Recording; commands: Float32Array };
    progress: never;
    result: RecordingAccepted;
  };
  /** Live stages for any number of viewers; ends when told to. */
  stages: { input: { data: string }; progress: StageMessage; result: null };
}

export type WorkKind = keyof Work;

/** What the stages' process says, by viewer. */
export type StageMessage =
  | { readonly viewer: string; readonly kind: 'frame' | 'fan'; readonly packed: Float32Array }
  | { readonly viewer: string; readonly kind: 'episode'; readonly episode: StageEpisode }
  | { readonly viewer: string; readonly kind: 'error'; readonly error: ErrorReport };

/** What the stages' process is told. */
export type StageCommand = { readonly viewer: string } & (
  | { readonly kind: 'set'; readonly settings: StageSettings }
  | { readonly kind: 'play'; readonly playing: boolean }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'next' }
  | { readonly kind: 'close' }
);

/** From parent to child. */
export type ToWorker =
  | { readonly type: 'start'; readonly kind: WorkKind; readonly input: Work[WorkKind]['input'] }
  | { readonly type: 'stage'; readonly command: StageCommand }
  | { readonly type: 'stop' };

/** From child to parent. */
export type FromWorker =
  | { readonly type: 'progress'; readonly progress: unknown }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly error: ErrorReport };
