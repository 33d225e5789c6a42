import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openArtefacts } from '../artefacts/index.ts';
import { reportError } from '../error-report.ts';
import { BroughtDatasets } from '../exchange/brought.ts';
import { SharedDatasets } from '../exchange/datasets.ts';
import { SharedRuns } from '../exchange/runs.ts';
import type { GridRun } from '../grids/plan-grid.ts';
import { checkPlanned } from '../grids/planned-run.ts';
import { isDone } from '../grids/survey-grid.ts';
import type { GridFailure } from '../jobs/train-grid.ts';
import type { Run } from '../protocol/runs.ts';
import { runOf } from '../protocol/sources.ts';
import { LOST_WITHIN, type RunStore } from '../storage/run-store.ts';
import { openWorkspace, type Place, type Workspace } from '../storage/workspace.ts';

/** Between two looks whether there is a checkpoint to hand over, ms: one is written every 15 s. */
const LOOK_MS = 1000;

/** Trainings whose demonstrations and checkpoints machines without a common disk hand one another. */
export class SharedTrainings {
  readonly #datasets: SharedDatasets;
  readonly #runs: SharedRuns;

  /** @param store as `openArtefacts` takes it */
  constructor(store: string) {
    const files = openArtefacts(store);
    this.#datasets = new SharedDatasets(files);
    this.#runs = new SharedRuns(files);
  }

  /**
   * Hands over what workers need that have nothing of it: demonstrations, and runs that others begin with.
   *
   * @throws as `SharedDatasets.publish` and `SharedRuns.publish`
   */
  async offer({ datasets, runs }: Workspace, grid: readonly GridRun[]): Promise<void> {
    for (const name of new Set(grid.map(({ planned }) => planned.run.dataset.name))) {
      await this.#datasets.publish(datasets, name);
    }
    for (const id of new Set(grid.flatMap(originsOf))) await this.#runs.offer(runs, id);
  }

  /**
   * Has a training done where all that it needs is in the data directory of a place: its demonstrations, if they
   * are not there, aside from those of a person; what it begins with; and the run, as far as anybody has
   * trained it.
   *
   * @throws what `train` throws; as `BroughtDatasets.lend`, `SharedDatasets.bring` and `SharedRuns.bring`
   */
  async prepare<T>(
    place: Place,
    grid: GridRun,
    train: (workspace: Workspace) => Promise<T>,
  ): Promise<T> {
    const own = openWorkspace(place);
    const { name, hash } = grid.planned.run.dataset;
    const bringThen = async (workspace: Workspace) => {
      await this.#bringNeeds(workspace, grid);
      return train(workspace);
    };
    if ((await own.datasets.hashes()).get(name) === hash) return bringThen(own);
    const brought = new BroughtDatasets(join(own.place.data, 'brought'), place.broughtBytes);
    return brought.lend(hash, (datasets) => bringThen(openWorkspace({ ...place, datasets })));
  }

  async #bringNeeds({ runs, datasets }: Workspace, grid: GridRun): Promise<void> {
    const { name, hash } = grid.planned.run.dataset;
    for (const id of originsOf(grid)) await this.#runs.bring(runs, id);
    await this.bring(runs, grid);
    await this.#datasets.bring(datasets, { name, hash });
    // Whoever began it may call the same demonstrations otherwise.
    const as = (await this.#find(runs, grid))?.dataset.name;
    if (as !== undefined) await this.#datasets.bring(datasets, { name, hash }, as);
  }

  /** Brings a training here as far as anybody has got; see `SharedRuns.bring`. */
  async bring(runs: RunStore, { id, planned }: GridRun): Promise<void> {
    const check = (run: Run) => checkPlanned(run, planned);
    await this.#runs.bring(runs, id, { check, patienceMs: LOST_WITHIN });
  }

  /**
   * The same for all of a grid.
   *
   * @returns those of which what is there, or here, cannot be used, and why: they end no other
   */
  async bringAll(runs: RunStore, grid: readonly GridRun[]): Promise<GridFailure[]> {
    const failures: GridFailure[] = [];
    for (const each of grid) {
      try {
        await this.bring(runs, each);
      } catch (error) {
        const { code, message } = reportError(error);
        if (code !== 'damaged' && code !== 'conflict') throw error;
        failures.push({ id: each.id, reason: message });
      }
    }
    return failures;
  }

  /** How far anybody has got with a training. */
  stepOf({ id }: GridRun): Promise<number> {
    return this.#runs.stepOf(id);
  }

  /**
   * Hands over each checkpoint of a training, and its end.
   *
   * @param train ends early, with a checkpoint, where the signal aborts: what it makes cannot be handed over
   * @throws what it throws; as `SharedRuns.publish`
   */
  async handOver<T>(
    runs: RunStore,
    grid: GridRun,
    train: (broken: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const ended = new AbortController();
    const broken = new AbortController();
    const handing = this.#handUntil(runs, grid, ended.signal).then(
      (handed) => ({ handed }),
      (error: unknown) => {
        broken.abort();
        return { error };
      },
    );
    try {
      const result = await train(broken.signal);
      ended.abort();
      const end = await handing;
      if ('error' in end) throw end.error;
      const run = await this.#find(runs, grid);
      if (run && (isDone(run) || run.step !== end.handed)) {
        await this.#runs.publish(runs, grid.id);
      }
      return result;
    } finally {
      ended.abort();
      await handing;
    }
  }

  /** @returns step of the last checkpoint that was handed over, by whomever */
  async #handUntil(runs: RunStore, grid: GridRun, ended: AbortSignal): Promise<number> {
    let handed = await this.stepOf(grid);
    while (!ended.aborted) {
      const run = await this.#find(runs, grid);
      // Its last one is handed over once it is done: whoever reads that knows all of it.
      if (run && run.step !== handed && run.step < run.training.steps) {
        handed = (await this.#runs.publish(runs, grid.id))?.step ?? handed;
      }
      await delay(LOOK_MS, undefined, { signal: ended }).catch(() => {});
    }
    return handed;
  }

  async #find(runs: RunStore, { id }: GridRun): Promise<Run | null> {
    return (await runs.has(id)) ? runs.read(id) : null;
  }
}

/** Runs that a training begins with. */
function originsOf({ planned }: GridRun): string[] {
  const { teacher, from } = planned.run;
  return [teacher, from].flatMap((origin) => (origin && runOf(origin.source)) ?? []);
}
