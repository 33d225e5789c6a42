import { reportError } from '../error-report.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Run } from '../protocol/runs.ts';
import type { RunStore } from '../storage/run-store.ts';

/** Between two looks, ms: trainings write how far they are every 15 s. */
const LOOK_MS = 3000;

/** Hears of runs that others train in the data directory: a command line, workers of a queue. */
export class RunWatch {
  readonly #runs: RunStore;
  readonly #isOwn: (id: string) => boolean;
  readonly #onRun: (run: Run) => void;
  #known: ReadonlyMap<string, string> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  /** @param isOwn whether somebody else tells of that run */
  constructor(runs: RunStore, isOwn: (id: string) => boolean, onRun: (run: Run) => void) {
    this.#runs = runs;
    this.#isOwn = isOwn;
    this.#onRun = onRun;
  }

  /** Begins to look. */
  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.look()
        .catch((error: unknown) => {
          console.error(`warning: runs of others are not told of: ${reportError(error).message}`);
        })
        .finally(() => this.#timer?.refresh());
    }, LOOK_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  /** Tells of each run that has changed since the look before; at the first, of none. */
  async look(): Promise<void> {
    const stamps = await this.#runs.stamps();
    const known = this.#known ?? stamps;
    this.#known = stamps;
    for (const [id, stamp] of stamps) {
      if (known.get(id) === stamp || this.#isOwn(id)) continue;
      const run = await this.#read(id);
      if (run) this.#onRun(run);
    }
  }

  /** Null for one that was thrown away meanwhile, or is damaged: a page that comes is told of that. */
  async #read(id: string): Promise<Run | null> {
    try {
      return await this.#runs.read(id);
    } catch (error) {
      if (error instanceof ProtocolError) return null;
      throw error;
    }
  }
}
