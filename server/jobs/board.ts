import { offerSets, requestOf } from '../datasets/shipped-sets.ts';
import { reportError } from '../error-report.ts';
import { keepRequest } from '../experiments/comparison-request.ts';
import type { PageCompareRequest } from '../protocol/compare.ts';
import type {
  DatasetSummary,
  DemonstrationSet,
  GenerateRequest,
  OfferedSet,
} from '../protocol/datasets.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { ComparisonEntry, Job } from '../protocol/events.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Comparison } from '../protocol/results.ts';
import type { Metric, Run, TrainRequest } from '../protocol/runs.ts';
import type { PainterFile } from '../storage/painters.ts';
import { checkRunDataset } from '../storage/run-dataset.ts';
import type { Lock } from '../storage/run-store.ts';
import type { Workspace } from '../storage/workspace.ts';
import { createRun } from '../training/create-run.ts';
import { DatasetCatalog } from './dataset-catalog.ts';
import { DatasetTransfer } from './dataset-transfer.ts';
import { DatasetViews } from './dataset-views.ts';
import { ExperimentCatalog } from './experiment-catalog.ts';
import { canBeKept, compare, countRollouts, planCompared, planKept } from './kept-comparison.ts';
import { LessonReadings } from './lesson-readings.ts';
import { PainterService } from './painter-service.ts';
import { type RunningWork, startWork } from './process.ts';
import { JobQueue, newId, type OnProgress, type Task } from './queue.ts';
import { RecordingIntake } from './recording-intake.ts';
import { RunCatalog } from './run-catalog.ts';

/** What is notified of everything that happens on a board. */
export interface BoardListener {
  job(job: Job): void;
  run(run: Run): void;
  runTrashed(id: string): void;
  metric(id: string, metric: Metric): void;
  datasets(datasets: readonly DatasetSummary[]): void;
  comparison(id: string, comparison: Comparison, at: string): void;
  experiments(): void;
}

/** The server's own work and the stages come first. */
const BACKGROUND = { background: true };

/**
 * The long work of one server: what runs, what waits, what is done. One job of a kind runs at a
 * time; all of it happens in child processes.
 */
export class JobBoard {
  readonly datasets: DatasetCatalog;
  readonly views: DatasetViews;
  readonly transfer: DatasetTransfer;
  readonly runs: RunCatalog;
  readonly experiments: ExperimentCatalog;
  readonly recordings: RecordingIntake;
  readonly lesson: LessonReadings;
  readonly painters: PainterService;
  readonly #workspace: Workspace;
  readonly #listener: BoardListener;
  readonly #queue: JobQueue;
  readonly #sets: readonly DemonstrationSet[];
  #comparisons: readonly ComparisonEntry[] = [];

  /**
   * @param sets     of demonstrations that can be made again
   * @param painters that pages may draw with
   */
  constructor(
    workspace: Workspace,
    listener: BoardListener,
    sets: readonly DemonstrationSet[] = [],
    painters: readonly PainterFile[] = [],
  ) {
    this.#workspace = workspace;
    this.#listener = listener;
    this.#sets = sets;
    this.#queue = new JobQueue((job) => listener.job(job));
    this.datasets = new DatasetCatalog(workspace, (datasets) => listener.datasets(datasets));
    this.views = new DatasetViews(workspace);
    this.transfer = new DatasetTransfer(workspace, this.datasets);
    this.runs = new RunCatalog(workspace, listener);
    this.experiments = new ExperimentCatalog(
      workspace,
      () => this.jobs,
      () => listener.experiments(),
    );
    this.recordings = new RecordingIntake(workspace, this.datasets);
    this.lesson = new LessonReadings(workspace);
    this.painters = new PainterService(workspace.place, painters);
  }

  /** Oldest first. */
  get jobs(): readonly Job[] {
    return this.#queue.jobs;
  }

  /** The last results, oldest first: for pages that were not there when they came. */
  get comparisons(): readonly ComparisonEntry[] {
    return this.#comparisons;
  }

  /**
   * Loads what an earlier server kept; call it before the first page asks.
   *
   * @returns what of it cannot be read, a sentence each
   */
  async restore(): Promise<readonly string[]> {
    const { entries, problems } = await this.#workspace.comparisons.list();
    this.#comparisons = [...entries, ...this.#comparisons].slice(-LIMITS.comparisons);
    return problems;
  }

  /** @throws ProtocolError, DatasetError where the run cannot begin */
  train(request: TrainRequest): Promise<Run> {
    const { runs, datasets } = this.#workspace;
    return this.#queue.prepare('train', async (add) => {
      const { id } = await createRun(runs, datasets, request);
      return this.#enqueueTraining(id, add);
    });
  }

  /** @throws ProtocolError 'not-found'; 'conflict' for a run that is not at rest, or is done */
  resume(id: string): Promise<Run> {
    return this.#queue.prepare('train', (add) => this.#enqueueTraining(id, add));
  }

  /** @throws ProtocolError 'busy'; all else that can go wrong is said by the job */
  generate(request: GenerateRequest): Promise<Job> {
    return this.#queue.prepare('generate', async (add) => add(this.#generation(request)));
  }

  /** The sets that policies that ship have learnt from. */
  offerSets(): Promise<readonly OfferedSet[]> {
    return offerSets(this.#sets, this.#workspace.datasets);
  }

  /**
   * Makes one of them. Its job fails where that does not end in the hash of what they learnt from,
   * as with other physics.
   *
   * @throws ProtocolError 'not-found', 'busy'
   */
  makeSet(hash: string): Promise<Job> {
    const set = this.#sets.find((each) => each.hash === hash);
    if (!set) {
      const known = this.#sets.map((each) => each.hash.slice(0, 12)).join(', ');
      throw new ProtocolError('not-found', `set: expected one of ${known}, got "${hash}"`);
    }
    return this.#queue.prepare('generate', async (add) =>
      add(this.#generation(await requestOf(set, this.#workspace.datasets), hash)),
    );
  }

  /** @param hash of the dataset that must come of it, where that is known */
  #generation(request: GenerateRequest, hash?: string): Task {
    const { place } = this.#workspace;
    return {
      title: `${request.episodes} demonstrations → ${request.out}`,
      work: async (signal, onProgress) => {
        const child = startWork(
          'generate',
          { place, request },
          (done) => onProgress(done / request.episodes),
          BACKGROUND,
        );
        stopWith(signal, child);
        try {
          const made = await child.result;
          await this.datasets.announce(made);
          if (hash === undefined || made.hash === hash) return;
          // A part of a set is not what they learnt from.
          if (signal.aborted) await this.datasets.trash(made.name);
          else throw anotherSet(made, hash);
        } catch (error) {
          // What was committed before it failed is there.
          await this.datasets.announce();
          throw error;
        }
      },
    };
  }

  /**
   * Compares, and keeps the rollouts as an experiment of the job's name where they can be replayed.
   *
   * @throws ProtocolError 'busy'; ProtocolError, SpecError where the policies cannot be compared so
   */
  compare(request: PageCompareRequest): Promise<Job> {
    return this.#queue.prepare('compare', async (add) => {
      const id = newId('compare');
      const plan = await planCompared(this.#workspace, request);
      const kept = canBeKept(request)
        ? await this.experiments.create(id, await planKept(this.#workspace, plan))
        : null;
      if (kept) await keepRequest(kept, request);
      const total = countRollouts(plan);
      const work: Task['work'] = async (signal, onProgress) => {
        const options = {
          onProgress: (ended: number) => onProgress(ended / total),
          signal,
          ...BACKGROUND,
        };
        const result = await compare(this.#workspace, plan, kept, options);
        await this.#keep(id, result);
      };
      const title = `${request.rollouts} rollouts each of ${request.policies.length} policies`;
      return add({ ...{ id, title, work }, ...(kept && { experiment: id }) });
    });
  }

  /**
   * Runs what is missing of an experiment; a comparison's then concludes it.
   *
   * @throws ProtocolError 'busy'; what `ExperimentCatalog.goOn` throws
   */
  continueExperiment(name: string): Promise<Job> {
    return this.#queue.prepare('compare', async (add) =>
      add(await this.experiments.goOn(name, (result) => this.#keep(name, result))),
    );
  }

  /**
   * Ends a job: one that waits at once, one that runs soon.
   *
   * @throws ProtocolError 'not-found'
   */
  stop(id: string): Promise<void> {
    return this.#queue.stop(id);
  }

  /** Ends all jobs, waits until they have kept what they have, and takes no more. */
  close(): Promise<void> {
    this.painters.close();
    return this.#queue.close();
  }

  /** Tells of a result, and keeps it for pages and servers to come. */
  async #keep(id: string, comparison: Comparison): Promise<void> {
    const entry: ComparisonEntry = { id, at: new Date().toISOString(), comparison };
    const others = this.#comparisons.filter((each) => each.id !== id);
    this.#comparisons = [...others, entry].slice(-LIMITS.comparisons);
    this.#listener.comparison(entry.id, entry.comparison, entry.at);
    try {
      await this.#workspace.comparisons.keep(entry);
    } catch (error) {
      // The pages have it all the same.
      const { message } = reportError(error);
      console.error(`warning: ${entry.id} will be lost when the server ends: ${message}`);
    }
  }

  /** Holds the run from now until it is trained. */
  async #enqueueTraining(id: string, add: (task: Task) => Job): Promise<Run> {
    const { runs, datasets } = this.#workspace;
    const lock = await runs.hold(id);
    try {
      const before = await runs.read(id);
      const { status, step, training } = before;
      if (step >= training.steps) {
        throw new ProtocolError(
          'conflict',
          `run ${id}: expected one to go on with, it is ${status} at its last step`,
        );
      }
      await checkRunDataset(datasets, before);
      const run = await runs.update(id, { status: 'queued', pid: null, error: null });
      this.#listener.run(run);
      add({
        id,
        title: `${run.policy} on ${run.dataset.name}`,
        work: (signal, onProgress) => this.#train(run, lock, signal, onProgress),
        dropped: async () => {
          const stopped = await runs.update(id, { status: 'stopped' });
          await lock.release();
          this.#listener.run(stopped);
        },
      });
      return run;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async #train(run: Run, lock: Lock, signal: AbortSignal, onProgress: OnProgress): Promise<void> {
    const { runs, place } = this.#workspace;
    const { id, training } = run;
    try {
      const child = startWork(
        'train',
        { place, run: id, heldBy: lock.name },
        (progress) => {
          if ('preparing' in progress) onProgress(progress);
          else {
            this.#listener.metric(id, progress);
            onProgress(progress.step / training.steps);
          }
        },
        BACKGROUND,
      );
      stopWith(signal, child);
      this.#listener.run({ ...run, status: 'running' });
      await child.result;
    } finally {
      await lock.release();
      // A child that was killed could not say so itself.
      await runs.recoverRun(id);
      this.#listener.run(await runs.read(id));
    }
  }
}

function anotherSet(made: DatasetSummary, hash: string): ProtocolError {
  return new ProtocolError(
    'failed',
    `${made.name}: expected hash ${hash.slice(0, 12)}, as the policies' manifests say, got ` +
      `${made.hash.slice(0, 12)}; this version's physics or experts are others`,
  );
}

/** Asks work to end soon when the signal aborts, or now where it has. */
function stopWith(signal: AbortSignal, work: Pick<RunningWork<'train'>, 'stop'>): void {
  if (signal.aborted) work.stop();
  else signal.addEventListener('abort', () => work.stop());
}
