import { requestOf } from '../experiments/comparison-request.ts';
import type { ExperimentDirectory } from '../experiments/directory.ts';
import { type ExperimentPlan, experimentId } from '../experiments/plan.ts';
import { ExperimentStore } from '../experiments/store.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Job } from '../protocol/events.ts';
import type {
  ExperimentList,
  ExperimentRollouts,
  ExperimentView,
} from '../protocol/experiments.ts';
import type { Comparison } from '../protocol/results.ts';
import { openWorkspace, type Workspace } from '../storage/workspace.ts';
import { runExperiment } from './experiment.ts';
import { ExperimentReports, type WrittenReport } from './experiment-reports.ts';
import { compare, planCompared } from './kept-comparison.ts';
import { startWork, type WorkOptions } from './process.ts';
import type { Task } from './queue.ts';
import { Readings } from './readings.ts';

/**
 * What reads experiments, which anyone may have written: it may take so long, ms, and so much of V8's
 * heap, MiB.
 */
const READING: WorkOptions = { background: true, silentMs: 120_000, heapMiB: 2048 };

/** What pages do with the experiments of a data directory. */
export class ExperimentCatalog {
  readonly #workspace: Workspace;
  readonly #store: ExperimentStore;
  readonly #readings = new Readings('experiments');
  readonly #reports: ExperimentReports;
  readonly #jobs: () => readonly Job[];
  readonly #onChange: () => void;

  /**
   * @param jobs     of the board
   * @param onChange called when experiments are others, or called otherwise
   */
  constructor(workspace: Workspace, jobs: () => readonly Job[], onChange: () => void) {
    this.#workspace = workspace;
    this.#store = new ExperimentStore(workspace.place.data);
    this.#reports = new ExperimentReports(workspace.place);
    this.#jobs = jobs;
    this.#onChange = onChange;
  }

  /** @throws ProtocolError 'busy' where too many wait */
  list(): Promise<ExperimentList> {
    const { place } = this.#workspace;
    return this.#readings.take(
      () => startWork('list-experiments', { place }, undefined, READING).result,
    );
  }

  /** @throws ProtocolError 'busy'; what `viewExperiment` throws */
  open(name: string): Promise<ExperimentView> {
    const { place } = this.#workspace;
    return this.#readings.take(
      () => startWork('view-experiment', { place, name }, undefined, READING).result,
    );
  }

  /** @throws ProtocolError 'busy'; what `listRollouts` throws */
  rollouts(request: {
    name: string;
    contender: number;
    from: number;
  }): Promise<ExperimentRollouts> {
    const { place } = this.#workspace;
    return this.#readings.take(
      () => startWork('list-rollouts', { place, request }, undefined, READING).result,
    );
  }

  /**
   * The report of one, as a page that loads and runs nothing.
   *
   * @param page address of this server's page
   * @throws ProtocolError 'not-found'; what `ExperimentReports.write` throws
   */
  async report(name: string, page: string): Promise<WrittenReport> {
    return this.#reports.write(await this.#store.locate(name), page);
  }

  /** @throws ProtocolError 'not-found' */
  async rename(name: string, title: string | null): Promise<void> {
    await this.#store.rename(name, title);
    this.#onChange();
  }

  /**
   * @returns what `restore` takes
   * @throws ProtocolError 'not-found'; 'conflict' for one that waits or runs
   */
  async trash(name: string): Promise<string> {
    this.#checkAtRest(name);
    const entry = await this.#store.trash(name);
    this.#onChange();
    return entry;
  }

  /**
   * @returns its name
   * @throws ProtocolError 'not-found', 'exists'
   */
  async restore(entry: string): Promise<string> {
    const name = await this.#store.restore(entry);
    this.#onChange();
    return name;
  }

  /** A new one that nobody runs yet. */
  async create(name: string, plan: ExperimentPlan): Promise<ExperimentDirectory> {
    const directory = this.#store.directory(name);
    await directory.writePlan(plan);
    this.#onChange();
    return directory;
  }

  /**
   * The task that runs what is missing of one.
   *
   * @param onCompared told what a comparison has shown, where the experiment is one's
   * @throws ProtocolError 'not-found', 'damaged'; 'conflict' for one that waits or runs
   */
  async goOn(name: string, onCompared: (comparison: Comparison) => Promise<void>): Promise<Task> {
    this.#checkAtRest(name);
    const directory = this.#store.directory(name);
    const plan = await directory.readPlan();
    // What a plan names a page must not make this machine read or dial: `place` says what it may.
    const { place } = openWorkspace({ ...this.#workspace.place, engine: plan.engine });
    const asked = await requestOf(directory);
    const title = `${name} (${experimentId(plan).slice(0, 12)})`;
    return {
      ...{ title, experiment: name },
      work: async (signal, onProgress) => {
        const workspace = openWorkspace(place);
        let total = 1;
        await runExperiment(workspace, directory, plan, {
          ...{ signal, background: true },
          onBegin: ({ rollouts }) => {
            total = Math.max(1, rollouts);
          },
          onProgress: (ended) => onProgress(ended / total),
        });
        if (asked) {
          const compared = await planCompared(workspace, asked);
          await onCompared(
            await compare(workspace, compared, directory, { signal, background: true }),
          );
        }
      },
    };
  }

  #checkAtRest(name: string): void {
    const underWay = this.#jobs().some(
      ({ experiment, status }) => experiment === name && ['queued', 'running'].includes(status),
    );
    if (!underWay) return;
    throw new ProtocolError(
      'conflict',
      `experiment ${name}: expected one at rest, got one that waits or runs; stop it first`,
    );
  }
}
