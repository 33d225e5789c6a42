import type { Demonstration } from '../../demos/demonstration.ts';
import type { ControlHz, TaskName } from '../../sim/index.ts';
import type { InspectedDataset } from '../datasets/datasets.ts';
import type { GenerationPart } from '../datasets/generation-part.ts';
import type { WorldAnswer, WorldCommand } from '../environment/world-host.ts';
import type { GridResult } from '../evaluation/evaluate.ts';
import type { ControlLoop } from '../evaluation/evaluation.ts';
import type { EvaluationInput, EvaluationPart } from '../evaluation/input.ts';
import type { ProgramIdentity } from '../experiments/code.ts';
import type { RolloutsRequest } from '../experiments/list-rollouts.ts';
import type { ShardDescription } from '../experiments/shard.ts';
import type { ShardReply } from '../experiments/shard-host.ts';
import type { AskedReply } from '../openpi/asked.ts';
import type { DrawnPlans, PlanCommand } from '../openpi/plan-host.ts';
import type { PainterCommand, PainterReply } from '../painting/painter-host.ts';
import type { PicturesToRead, readCats } from '../painting/read-cats.ts';
import type {
  DatasetEdited,
  EditRequest,
  MergeRequest,
  SplitRequest,
} from '../protocol/dataset-edits.ts';
import type { DatasetOverview, EpisodeView } from '../protocol/dataset-views.ts';
import type {
  DatasetSummary,
  GenerateRequest,
  Imported,
  ImportProgress,
  ImportRequest,
  Recording,
  RecordingAccepted,
} from '../protocol/datasets.ts';
import type { ErrorReport } from '../protocol/errors.ts';
import type { Preparation } from '../protocol/events.ts';
import type {
  ExperimentList,
  ExperimentRollouts,
  ExperimentView,
} from '../protocol/experiments.ts';
import type {
  ActionsRequest,
  DemonstratedActions,
  NoiseLevels,
  NoiseLevelsRequest,
} from '../protocol/lesson.ts';
import type { LatencyReport, PolicyResult } from '../protocol/results.ts';
import type { Metric, Run } from '../protocol/runs.ts';
import type { StageMessage, ViewerCommand } from '../stage/stage-host.ts';
import type { PainterFile } from '../storage/painters.ts';
import type { Place } from '../storage/workspace.ts';

/**
 * Work that is done in a process of its own, by kind: what it takes, what it reports on its way,
 * what it gives.
 */
export interface Work {
  /** Trains a run that has been created, or goes on with it. */
  train: {
    input: {
      place: Place;
      run: string;
      /** Name of the lock with which the parent holds the run; none where it does not. */
      heldBy?: string;
      /** The program that it must be trained by. */
      by?: ProgramIdentity;
      /** How long to wait for whoever holds it, ms. */
      patienceMs?: number;
    };
    progress: Metric | Preparation;
    result: Run;
  };
  /** Progress counts episodes. */
  generate: {
    input: { place: Place; request: GenerateRequest };
    progress: number;
    result: DatasetSummary;
  };
  /** Episodes of a generation, kept nowhere, each given as it is shown. */
  demonstrate: {
    input: {
      part: GenerationPart;
      /** Only every so manieth of them. @default 1 */
      every?: number;
      /** The program that it must be shown by. */
      by?: ProgramIdentity;
    };
    progress: Demonstration;
    result: null;
  };
  /** Parts of evaluations, one after the other; progress counts ended rollouts. */
  rollouts: {
    input: { parts: readonly EvaluationPart[]; batch: number };
    progress: number;
    result: { results: GridResult[][]; engine: string };
  };
  /** Shards of experiments as they are asked for, given back as files; ends when told to. */
  shards: {
    input: { place: Place };
    progress: ShardReply;
    result: null;
    command: ShardDescription;
  };
  /** What experiments in a data directory are, and show. */
  'list-experiments': { input: { place: Place }; progress: never; result: ExperimentList };
  'view-experiment': {
    input: { place: Place; name: string };
    progress: never;
    result: ExperimentView;
  };
  'list-rollouts': {
    input: { place: Place; request: RolloutsRequest };
    progress: never;
    result: ExperimentRollouts;
  };
  /** Times single plans; only meaningful with nothing else running. */
  latency: { input: EvaluationInput; progress: never; result: PolicyResult['latencyMs'] };
  /** Times a control loop, likewise; progress counts whole seconds. */
  'control-loop': {
    input: { input: EvaluationInput; loop: ControlLoop };
    progress: number;
    result: LatencyReport;
  };
  /** Replays a browser's recording and keeps it where it ends in the same state. */
  accept: {
    input: { place: Place; recording: Recording; commands: Float32Array };
    progress: never;
    result: RecordingAccepted;
  };
  /** Opens datasets, which takes long for long ones. */
  inspect: {
    input: { place: Place; names: readonly string[] };
    progress: never;
    result: readonly (InspectedDataset | ErrorReport)[];
  };
  /** Changes a dataset, takes it apart, puts several together. */
  edit: { input: { place: Place; request: EditRequest }; progress: never; result: DatasetEdited };
  split: {
    input: { place: Place; request: SplitRequest };
    progress: never;
    result: readonly DatasetSummary[];
  };
  merge: {
    input: { place: Place; request: MergeRequest };
    progress: never;
    result: DatasetSummary;
  };
  /** Packs a dataset into an archive; gives its size. */
  pack: { input: { place: Place; name: string; path: string }; progress: never; result: number };
  /** Takes a dataset in from a directory or an archive. */
  import: {
    input: { place: Place; request: ImportRequest };
    progress: ImportProgress;
    result: Imported;
  };
  /** Reads all paths of a dataset. */
  overview: {
    input: { place: Place; name: string };
    progress: never;
    result: DatasetOverview<Uint8Array>;
  };
  /** Reads an episode to be played. */
  'view-episode': {
    input: { place: Place; request: { name: string; episode: number; hash: string } };
    progress: never;
    result: EpisodeView<Uint8Array>;
  };
  /** Reads what one demonstration did. */
  actions: {
    input: { place: Place; request: ActionsRequest };
    progress: never;
    result: DemonstratedActions;
  };
  /** Measures a policy's loss at each noise level. */
  'noise-levels': {
    input: { place: Place; request: NoiseLevelsRequest };
    progress: never;
    result: NoiseLevels;
  };
  /** Reads the cats off pictures; progress counts them. */
  'read-cats': {
    input: PicturesToRead;
    progress: number;
    result: Awaited<ReturnType<typeof readCats>>;
  };
  /** Live stages for any number of viewers; ends when told to. */
  stages: {
    input: { place: Place };
    progress: StageMessage;
    result: null;
    command: ViewerCommand;
  };
  /** Painters; ends when told to. */
  paint: {
    input: { place: Place; files: readonly PainterFile[] };
    progress: PainterReply;
    result: null;
    command: PainterCommand;
  };
  /** One policy that answers for a policy server; ends when told to. */
  plans: {
    input: Pick<EvaluationInput, 'place' | 'source' | 'sampler'> & { batch: number };
    progress: AskedReply<DrawnPlans>;
    result: null;
    command: PlanCommand;
  };
  /** Worlds of a task for an environment server; ends when told to. */
  worlds: {
    input: { task: TaskName; controlHz: ControlHz };
    progress: AskedReply<WorldAnswer>;
    result: null;
    command: WorldCommand;
  };
}

export type WorkKind = keyof Work;
/** What can be said to work under way; nothing to most. */
export type CommandOf<K extends WorkKind> = Work[K] extends { command: infer C } ? C : never;

export interface WorkContext<K extends WorkKind> {
  /** Asks the work to end soon, with what it has. */
  readonly signal: AbortSignal;
  report(progress: Work[K]['progress']): void;
  /** Called by work that takes commands, once it does. */
  onHost(host: { command(command: CommandOf<K>): void }): void;
}

/** How work of each kind is done. */
export type Performers = {
  readonly [K in WorkKind]: (
    input: Work[K]['input'],
    context: WorkContext<K>,
  ) => Promise<Work[K]['result']>;
};
