import type { Demonstration } from '../../demos/demonstration.ts';
import { type ControlHz, findTask, loadPhysics, type TaskName } from '../../sim/index.ts';
import type { InspectedDataset } from '../datasets/datasets.ts';
import type { GenerationPart } from '../datasets/generation-part.ts';
import type { WorldAnswer, WorldCommand } from '../environment/world-host.ts';
import { reportError } from '../error-report.ts';
import type { GridResult } from '../evaluation/evaluate.ts';
import type { ControlLoop } from '../evaluation/evaluation.ts';
import type { EvaluationInput, EvaluationPart } from '../evaluation/input.ts';
import { checkProgram, type ProgramIdentity } from '../experiments/code.ts';
import type { RolloutsRequest } from '../experiments/list-rollouts.ts';
import type { ShardDescription } from '../experiments/shard.ts';
import type { ShardReply } from '../experiments/shard-host.ts';
import { ExperimentStore } from '../experiments/store.ts';
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
import type { PolicySource } from '../protocol/sources.ts';
import { FIRST_POLICIES } from '../protocol/stage-defaults.ts';
import type { StageMessage, ViewerCommand } from '../stage/stage-host.ts';
import type { PainterFile } from '../storage/painters.ts';
import { openWorkspace, type Place } from '../storage/workspace.ts';
import { untilEnded } from './parallel.ts';

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
  /** Episodes of a generation, kept nowhere; progress counts them. */
  demonstrate: {
    input: { part: GenerationPart; by: ProgramIdentity };
    progress: number;
    result: Demonstration[];
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

type Performers = {
  readonly [K in WorkKind]: (
    input: Work[K]['input'],
    context: WorkContext<K>,
  ) => Promise<Work[K]['result']>;
};

/**
 * How each kind of work is done. What a kind needs is loaded when it begins: all of it together takes
 * longer than most of it does.
 */
export const PERFORM: Performers = {
  async train({ place, run, heldBy, by, patienceMs }, { signal, report }) {
    if (by) await checkProgram(by, `run ${run}`, 'training');
    const { runs, datasets } = openWorkspace(place);
    const { openEngine } = await import('../storage/open-engine.ts');
    const { trainRun } = await import('../training/train.ts');
    const engine = await openEngine(place).catch(async (error: unknown) => {
      // Nobody would train it: it must not seem to wait for its turn for ever.
      await runs.fail(run, reportError(error).message, heldBy);
      throw error;
    });
    return trainRun(runs, datasets, run, {
      ...{ engine, signal, heldBy, patienceMs, reading: place },
      onMetric: report,
      onPreparation: report,
    });
  },

  async generate({ place, request }, { signal, report }) {
    const { generateDemonstrations } = await import('../datasets/generate.ts');
    const options = { onProgress: report, signal };
    return generateDemonstrations(openWorkspace(place), await loadPhysics(), request, options);
  },

  async demonstrate({ part, by }, { report }) {
    const { demonstratePart } = await import('../datasets/generate.ts');
    await checkProgram(by, 'demonstrations', 'demonstrations');
    return demonstratePart(await loadPhysics(), part, { onProgress: report });
  },

  async rollouts({ parts, batch }, { report }) {
    const { Evaluator } = await import('../evaluation/input.ts');
    const evaluator = new Evaluator();
    const results: GridResult[][] = [];
    let ended = 0;
    let engine = '';
    try {
      for (const part of parts) {
        const done = await evaluator.evaluate(part, batch, { onEnded: () => report(++ended) });
        engine = done.engine;
        results.push(done.results);
      }
    } finally {
      await evaluator.dispose();
    }
    return { results, engine };
  },

  async shards({ place }, { signal, report, onHost }) {
    const { ShardHost } = await import('../experiments/shard-host.ts');
    onHost(new ShardHost(place, report, reportError));
    return untilEnded(signal);
  },

  async 'list-experiments'({ place }) {
    const { listExperiments } = await import('../experiments/list.ts');
    return listExperiments(openWorkspace(place), new ExperimentStore(place.data));
  },

  async 'view-experiment'({ place, name }) {
    const { viewExperiment } = await import('../experiments/view.ts');
    return viewExperiment(openWorkspace(place), new ExperimentStore(place.data), name);
  },

  async 'list-rollouts'({ place, request }) {
    const { listRollouts } = await import('../experiments/list-rollouts.ts');
    return listRollouts(openWorkspace(place), new ExperimentStore(place.data), request);
  },

  async latency(input) {
    const { timePlans } = await import('../evaluation/evaluate.ts');
    const { prepareEvaluation } = await import('../evaluation/input.ts');
    return timePlans(await prepareEvaluation(input));
  },

  async 'control-loop'({ input, loop }, { report }) {
    const { measureLatency } = await import('../evaluation/latency.ts');
    const { prepareEvaluation } = await import('../evaluation/input.ts');
    const setup = await prepareEvaluation(input);
    let reported = 0;
    const onProgress = (seconds: number) => {
      // Not at every tick: what is measured here must not wait for it.
      if (seconds < reported + 1) return;
      reported = Math.floor(seconds);
      report(reported);
    };
    return measureLatency({ ...setup, ...loop, onProgress });
  },

  async accept({ place, recording, commands }) {
    const { acceptRecording } = await import('../datasets/datasets.ts');
    const rapier = await loadPhysics();
    return acceptRecording(openWorkspace(place).datasets, rapier, recording, commands);
  },

  async inspect({ place, names }) {
    const { inspectDatasets } = await import('../datasets/datasets.ts');
    return inspectDatasets(openWorkspace(place).datasets, names);
  },

  async edit({ place, request }) {
    const { editDataset } = await import('../datasets/edit.ts');
    return editDataset(openWorkspace(place).datasets, await loadPhysics(), request);
  },

  async split({ place, request }) {
    const { splitDataset } = await import('../datasets/edit.ts');
    return splitDataset(openWorkspace(place).datasets, request);
  },

  async merge({ place, request }) {
    const { mergeDatasets } = await import('../datasets/edit.ts');
    return mergeDatasets(openWorkspace(place).datasets, request);
  },

  async pack({ place, name, path }) {
    const { packDataset } = await import('../datasets/transfer.ts');
    return packDataset(openWorkspace(place).datasets, name, path);
  },

  async import({ place, request }, { signal, report }) {
    const { importDataset } = await import('../datasets/transfer.ts');
    const { datasets } = openWorkspace(place);
    return importDataset(datasets, request, { onProgress: report, signal });
  },

  async overview({ place, name }) {
    const { readOverview } = await import('../datasets/views.ts');
    return readOverview(openWorkspace(place).datasets, name);
  },

  async 'view-episode'({ place, request }) {
    const { readEpisodeView } = await import('../datasets/views.ts');
    return readEpisodeView(openWorkspace(place).datasets, await loadPhysics(), request);
  },

  async actions({ place, request }) {
    const { readActions } = await import('../datasets/demonstrated-actions.ts');
    return readActions(openWorkspace(place).datasets, request);
  },

  async 'read-cats'(input, { report }) {
    const { readCats } = await import('../painting/read-cats.ts');
    return readCats(input, report);
  },

  async 'noise-levels'({ place, request }) {
    const { openEngine } = await import('../storage/open-engine.ts');
    const { measureNoiseLevels } = await import('../training/noise-levels.ts');
    return measureNoiseLevels(openWorkspace(place), await openEngine(place), request);
  },

  async stages({ place }, { signal, report, onHost }) {
    const { openEngine } = await import('../storage/open-engine.ts');
    const { openPolicy, revisionOf } = await import('../storage/open-policy.ts');
    const { StageHost } = await import('../stage/stage-host.ts');
    const engine = await openEngine(place);
    const workspace = openWorkspace(place);
    const policies = {
      open: (source: PolicySource) => openPolicy(workspace, engine, source),
      revision: (source: PolicySource) => revisionOf(workspace, source),
    };
    const world = { rapier: await loadPhysics(), engine: engine.name, policies };
    const host = new StageHost({ ...world, report: reportError }, report);
    onHost(host);
    const first = FIRST_POLICIES.map((name): PolicySource => ({ kind: 'shipped', name }));
    // What stands in the way of one is told to who asks for it.
    void host.makeReady(first).catch(() => undefined);
    await untilEnded(signal);
    host.close();
    return null;
  },

  async paint({ place, files }, { signal, report, onHost }) {
    const { openEngine } = await import('../storage/open-engine.ts');
    const { PainterHost } = await import('../painting/painter-host.ts');
    onHost(new PainterHost(await openEngine(place), files, report, place));
    return untilEnded(signal);
  },

  async plans({ place, source, sampler, batch }, { signal, report, onHost }) {
    const { openEngine } = await import('../storage/open-engine.ts');
    const { openPolicy } = await import('../storage/open-policy.ts');
    const { PlanHost } = await import('../openpi/plan-host.ts');
    const policy = await openPolicy(openWorkspace(place), await openEngine(place), source);
    const planning = sampler ? { sampler } : {};
    onHost(await PlanHost.open(policy, { planning, batch, reply: report, report: reportError }));
    return untilEnded(signal);
  },

  async worlds({ task, controlHz }, { signal, report, onHost }) {
    const { WorldHost } = await import('../environment/world-host.ts');
    const world = { rapier: await loadPhysics(), task: findTask(task), controlHz };
    onHost(new WorldHost({ ...world, reply: report, report: reportError }));
    return untilEnded(signal);
  },
};
