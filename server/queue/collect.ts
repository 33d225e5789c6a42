import { setTimeout as delay } from 'node:timers/promises';
import { ProtocolError, StoppedError } from '../protocol/errors.ts';
import { QueueError } from './errors.ts';
import { isUnfinished, reasonOf, refusalOf } from './jobs.ts';
import type { Job, WorkQueue } from './work-queue.ts';
import { WorkerWatch } from './worker-watch.ts';

/** Between two looks at what has ended, ms. */
const LOOK_MS = 500;
/** Results of one job that are no results before it is given up. */
const MOST_DAMAGED = 3;

/** What is to be done by whoever takes it, and what becomes of it. */
export interface Wanted<T> {
  /** The queue it waits in. */
  readonly queue: string;
  /** What several are called: "shards". */
  readonly called: string;
  readonly items: readonly T[];
  jobOf(item: T): Job;
  /**
   * Keeps what a job gave.
   *
   * @throws ProtocolError 'damaged' for what is no result: it is done again, some times
   */
  keep(item: T, output: unknown): Promise<void>;
  /**
   * @param hopeless whether nobody could do it either
   * @returns        whether it is to be tried again
   * @throws         what is to end the others, too
   */
  failed(item: T, reason: string, hopeless: boolean): Promise<boolean>;
}

export interface CollectOptions {
  /** Take no result that was there before. @default false */
  readonly again?: boolean | undefined;
  /** Told after each look how many workers there are, once that is known. */
  readonly onLook?: ((workers: number | null) => Promise<void> | void) | undefined;
  /** Told what a person should know, such as that nobody works. */
  readonly onNotice?: ((message: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Has jobs done by whoever takes them from a queue, and keeps what each gives as it comes. What is queued
 * or done already, by whomever, is waited for or taken, not queued again.
 *
 * @throws what `keep` and `failed` throw; ProtocolError 'failed' where the queue is gone
 * @throws StoppedError where `signal` aborts: what nobody has begun is taken back
 */
export async function collectJobs<T>(
  queue: WorkQueue,
  wanted: Wanted<T>,
  { again = false, onLook = () => {}, onNotice = () => {}, signal }: CollectOptions = {},
): Promise<void> {
  const waiting = new Waiting(queue, wanted);
  await waiting.begin(again);
  const workers = new WorkerWatch(queue, wanted.queue, onNotice);
  try {
    for (;;) {
      await waiting.collect();
      await onLook(await workers.count());
      if (waiting.open === 0) return;
      if (signal?.aborted) throw new StoppedError();
      await delay(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    // One that does not answer takes nothing back: the same command finds there what it left.
    if (error instanceof QueueError) throw error;
    const taken = await waiting.withdraw();
    const left = waiting.open - taken;
    onNotice(
      `${taken} ${wanted.called} that nobody had begun are taken back` +
        (left > 0 ? `; ${left} go on, and the same command fetches them` : ''),
    );
    throw error;
  }
}

/** The jobs that have not ended yet. */
class Waiting<T> {
  readonly #queue: WorkQueue;
  readonly #wanted: Wanted<T>;
  readonly #open: Map<string, { item: T; job: Job }>;
  readonly #damaged = new Map<string, number>();

  constructor(queue: WorkQueue, wanted: Wanted<T>) {
    this.#queue = queue;
    this.#wanted = wanted;
    this.#open = new Map(
      wanted.items.map((item) => {
        const job = wanted.jobOf(item);
        return [job.id, { item, job }];
      }),
    );
  }

  get open(): number {
    return this.#open.size;
  }

  get #name(): string {
    return this.#wanted.queue;
  }

  /** @param again not to be content with what was done before */
  async begin(again: boolean): Promise<void> {
    await this.#queue.declare(this.#name);
    const states = await this.#queue.states(this.#name, [...this.#open.keys()]);
    const stale = again ? ['failed', 'cancelled', 'completed'] : ['failed', 'cancelled'];
    const ids = [...states].filter(([, state]) => stale.includes(state)).map(([id]) => id);
    await this.#queue.forget(this.#name, ids);
    await this.#queue.add(
      this.#name,
      [...this.#open.values()].map(({ job }) => job),
    );
  }

  async collect(): Promise<void> {
    const states = await this.#queue.states(this.#name, [...this.#open.keys()]);
    for (const [id, { item, job }] of this.#open) {
      const state = states.get(id);
      if (state === 'completed') await this.#take(item, job);
      else if (state === 'failed') {
        await this.#fail(item, job, reasonOf(await this.#queue.outputOf(this.#name, id)), false);
      }
      // Another client took it back, or a restored database does not know it.
      else if (state === undefined || state === 'cancelled') await this.#requeue(job);
    }
  }

  async withdraw(): Promise<number> {
    return this.#queue.withdraw(this.#name, [...this.#open.keys()]);
  }

  async #take(item: T, job: Job): Promise<void> {
    const output = await this.#queue.outputOf(this.#name, job.id);
    // Whoever put it down was gone before it could queue it again.
    if (isUnfinished(output)) return this.#requeue(job);
    const refusal = refusalOf(output);
    if (refusal !== null) {
      await this.#queue.forget(this.#name, [job.id]);
      return this.#fail(item, job, refusal, true);
    }
    try {
      await this.#wanted.keep(item, output);
    } catch (error) {
      const tries = (this.#damaged.get(job.id) ?? 0) + 1;
      this.#damaged.set(job.id, tries);
      const damaged = error instanceof ProtocolError && error.code === 'damaged';
      if (!damaged || tries >= MOST_DAMAGED) throw error;
      return this.#requeue(job);
    }
    this.#open.delete(job.id);
  }

  async #fail(item: T, job: Job, reason: string, hopeless: boolean): Promise<void> {
    if (await this.#wanted.failed(item, reason, hopeless)) return this.#requeue(job);
    this.#open.delete(job.id);
  }

  async #requeue(job: Job): Promise<void> {
    await this.#queue.replace(this.#name, job);
  }
}
