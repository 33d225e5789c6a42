import type { Run } from '../protocol/runs.ts';
import { type CheckpointFile, openCheckpoint } from '../storage/checkpoint-file.ts';
import { renameRun } from '../storage/run-title.ts';
import { restoreRun, trashRun } from '../storage/run-trash.ts';
import type { Workspace } from '../storage/workspace.ts';

/** Who wants to know what becomes of runs. */
export interface RunListener {
  run(run: Run): void;
  runTrashed(id: string): void;
}

/** What pages do with runs that nobody trains; everybody is told of it. */
export class RunCatalog {
  readonly #runs: Workspace['runs'];
  readonly #listener: RunListener;

  constructor({ runs }: Workspace, listener: RunListener) {
    this.#runs = runs;
    this.#listener = listener;
  }

  /** @throws what `renameRun` throws */
  async rename(id: string, title: string | null): Promise<Run> {
    const run = await renameRun(this.#runs, id, title);
    this.#listener.run(run);
    return run;
  }

  /**
   * @returns what `restore` takes
   * @throws what `trashRun` throws
   */
  async trash(id: string): Promise<string> {
    const entry = await trashRun(this.#runs, id);
    this.#listener.runTrashed(id);
    return entry;
  }

  /** @throws what `restoreRun` throws */
  async restore(entry: string): Promise<Run> {
    const run = await restoreRun(this.#runs, entry);
    this.#listener.run(run);
    return run;
  }

  /** @throws what `openCheckpoint` throws */
  openCheckpoint(id: string): Promise<CheckpointFile> {
    return openCheckpoint(this.#runs, id);
  }
}
