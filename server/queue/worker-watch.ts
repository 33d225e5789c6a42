import { describeQueue, queuesOfWorker } from './programs.ts';
import type { WorkQueue } from './work-queue.ts';

/** How often it is looked who works, ms; nobody for as long is said. */
const WORKERS_MS = 5000;

/** Who works on a queue; says once where nobody does. */
export class WorkerWatch {
  readonly #queue: WorkQueue;
  readonly #name: string;
  readonly #onNotice: (message: string) => void;
  #count: number | null = null;
  #looked = performance.now();
  #told = false;

  constructor(queue: WorkQueue, name: string, onNotice: (message: string) => void) {
    this.#queue = queue;
    this.#name = name;
    this.#onNotice = onNotice;
  }

  /** @returns as of some seconds ago; null where nobody has looked yet */
  async count(): Promise<number | null> {
    if (performance.now() - this.#looked < WORKERS_MS) return this.#count;
    this.#looked = performance.now();
    const workers = (await this.#queue.connected())
      .map(({ name }) => queuesOfWorker(name))
      .filter((queues) => queues.length > 0);
    this.#count = workers.filter((queues) => queues.includes(this.#name)).length;
    if (this.#count === 0 && !this.#told) {
      this.#told = true;
      this.#onNotice(this.#nobody(workers));
    } else if (this.#count > 0) {
      this.#told = false;
    }
    return this.#count;
  }

  #nobody(others: readonly (readonly string[])[]): string {
    const start = `forking-paths worker --queue ${this.#queue.address.shown}`;
    const own = describeQueue(this.#name);
    const takes = others.flat().flatMap((queue) => describeQueue(queue) ?? []);
    const said = takes.map(({ kind, program }) =>
      program === own?.program ? `that take ${kind} alone` : `of the ${program}`,
    );
    const strangers =
      others.length > 0
        ? `; ${others.length} are there that refuse them, ${[...new Set(said)].join(' and ')}`
        : '';
    return `expected workers that take ${own?.kind} of the ${own?.program}, got none yet${strangers}; start some: ${start}`;
  }
}
