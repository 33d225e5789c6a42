/**
 * Jobs that wait in a PostgreSQL database for whoever takes them: pg-boss behind the few words that are
 * needed of it. The only place that imports it.
 *
 * A job is named by its content, so that the same one is not queued twice. Whoever takes it has a lease,
 * which a heartbeat renews; where that stops, the job is given to another, and what the first one still
 * says of it is not heard. A job may therefore be done twice: what it does must be idempotent.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type JobWithMetadata, PgBoss } from 'pg-boss';
import type { ErrorReport } from '../protocol/errors.ts';
import { persist } from '../protocol/persist.ts';
import type { QueueAddress } from './address.ts';
import { passes, queueError } from './errors.ts';

const SCHEMA = 'forking_paths';
/** How long a lease lasts that nobody renews, s: pg-boss takes no shorter one. */
export const LEASE_SECONDS = 10;
/** How often it is renewed, ms. */
export const RENEW_MS = 3000;
/** How often who waits for results looks for leases that have run out, s; and each of many workers. */
const SUPERVISE_SECONDS = { client: 2, worker: 15 };
/** How often each says that it is there, s; who has not three times is gone. */
const HEARD_OF_SECONDS = 20;
/** How often it is looked for what we have none of: jobs that wait for others. */
const UNUSED_SECONDS = 3600;
/** How often a job is given out again before it has failed. */
const RETRIES = 8;
/** How long it waits in between, s. */
const RETRY_DELAY = 1;
/** Longest that a job may take with its lease renewed, s: what pg-boss allows. */
const MOST_SECONDS = 24 * 3600;
/** How long what a job gave is kept, s: the client takes it at once, or when it comes back. */
const KEEP_SECONDS = 3 * 24 * 3600;
/** How long an answer may take, ms. */
const ANSWER_MS = 30_000;
/** How long a server may be gone while work is under way, ms. */
const PATIENCE_MS = 10 * 60_000;
/** The same where nothing has begun yet: what can pass while a server starts. */
const PATIENCE_AT_START_MS = 10_000;
/** Between tries, ms. */
const PAUSE = { least: 100, most: 2000 };
/** Jobs that one statement names. */
const AT_ONCE = 500;

export interface Job {
  /** A UUID. */
  readonly id: string;
  readonly data: object;
}

/** A job with its lease. */
export interface TakenJob {
  readonly id: string;
  readonly data: unknown;
  /** How often it has been given out before. */
  readonly retryCount: number;
}

export type JobState = JobWithMetadata['state'];

/** Somebody who is connected. */
export interface Connected {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
}

export interface QueueOptions {
  /** What others see of this process. */
  readonly name: string;
  /** What it is: there are many workers, whose upkeep the server must bear. */
  readonly role: keyof typeof SUPERVISE_SECONDS;
  /** Told, once, that the server does not answer, and once more that it does again. */
  readonly onTrouble: (message: string) => void;
  /** How long a server may be gone while work is under way, ms. @default 10 minutes */
  readonly patienceMs?: number | undefined;
}

export class WorkQueue {
  readonly address: QueueAddress;
  readonly #boss: PgBoss;
  readonly #onTrouble: (message: string) => void;
  readonly #patienceMs: number;
  readonly #declared = new Set<string>();
  #troubled = false;

  private constructor(
    address: QueueAddress,
    { name, role, onTrouble, patienceMs = PATIENCE_MS }: QueueOptions,
  ) {
    this.address = address;
    this.#onTrouble = onTrouble;
    this.#patienceMs = patienceMs;
    this.#boss = new PgBoss({
      connectionString: address.connection,
      application_name: 'forking-paths',
      schema: SCHEMA,
      schedule: false,
      max: 2,
      superviseIntervalSeconds: SUPERVISE_SECONDS[role],
      monitorIntervalSeconds: SUPERVISE_SECONDS.client,
      instanceName: name,
      instanceHeartbeatSeconds: HEARD_OF_SECONDS,
      flowIntervalSeconds: UNUSED_SECONDS,
    });
    // What it does beside us, such as looking for lost leases, it tries again by itself.
    this.#boss.on('error', (error) => this.#tell(error));
  }

  /**
   * Connects, and makes what is needed in the database where it is not there.
   *
   * @throws ProtocolError where the server is not there, or does not let us in
   */
  static async open(address: QueueAddress, options: QueueOptions): Promise<WorkQueue> {
    const queue = new WorkQueue(address, options);
    const refused = (error: unknown) =>
      !passes(error) ||
      (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED');
    try {
      const patienceMs = Math.min(PATIENCE_AT_START_MS, queue.#patienceMs);
      await queue.#persist(() => queue.#boss.start(), patienceMs, refused);
    } catch (error) {
      await queue.close();
      throw error;
    }
    return queue;
  }

  /** Makes a queue of that name where there is none. */
  async declare(name: string): Promise<void> {
    if (this.#declared.has(name)) return;
    await this.#persist(() =>
      this.#boss.createQueue(name, {
        heartbeatSeconds: LEASE_SECONDS,
        expireInSeconds: MOST_SECONDS,
        deleteAfterSeconds: KEEP_SECONDS,
        retryLimit: RETRIES,
        retryDelay: RETRY_DELAY,
      }),
    );
    this.#declared.add(name);
  }

  /** Queues jobs; one that is there already, in whatever state, stays as it is. */
  async add(name: string, jobs: readonly Job[]): Promise<void> {
    for (const some of inBatches(jobs)) {
      await this.#persist(() => this.#boss.insert(name, [...some]));
    }
  }

  /** The next job with a lease; null where none waits. */
  async take(name: string): Promise<TakenJob | null> {
    const jobs = await this.#persist(() => this.#boss.fetch<unknown>(name));
    const [job] = jobs;
    return job ? { id: job.id, data: job.data, retryCount: job.retryCount } : null;
  }

  /**
   * Renews a lease until `done` aborts. Where it is lost all the same, as the job was cancelled or is
   * another's by now, `onLost` is called.
   */
  async hold(name: string, job: TakenJob, done: AbortSignal, onLost: () => void): Promise<void> {
    while (!done.aborted) {
      await delay(RENEW_MS, undefined, { signal: done }).catch(() => {});
      if (done.aborted) return;
      const response = await this.#persist(() => this.#boss.touch(name, attemptOf(job)));
      if (affected(response) === 0) {
        if (!done.aborted) onLost();
        return;
      }
    }
  }

  /** @returns false where the lease was lost, and nothing is kept */
  async complete(name: string, job: TakenJob, output: object): Promise<boolean> {
    const settle = () => this.#boss.complete(name, attemptOf(job), output);
    if (affected(await this.#persist(settle)) > 0) return true;
    // An answer that got lost on its way: the job is what it was to become.
    return (await this.states(name, [job.id])).get(job.id) === 'completed';
  }

  /** Gives a job back that could not be done: to another, or as failed once that was tried often. */
  async fail(name: string, job: TakenJob, error: ErrorReport): Promise<void> {
    await this.#persist(() => this.#boss.fail(name, attemptOf(job), error));
  }

  /** What states jobs are in; those that are not there are left out. */
  async states(name: string, ids: readonly string[]): Promise<Map<string, JobState>> {
    const states = new Map<string, JobState>();
    for (const some of inBatches(ids)) {
      // pg-boss itself reads jobs one by one, or with all that they gave.
      const { rows } = await this.#persist(() =>
        this.#boss
          .getDb()
          .executeSql(
            `SELECT id, state FROM ${SCHEMA}.job WHERE name = $1 AND id = ANY($2::uuid[])`,
            [name, some],
          ),
      );
      for (const { id, state } of rows) states.set(id, state);
    }
    return states;
  }

  /** What a job gave, or why it failed; null where it is not there. */
  async outputOf(name: string, id: string): Promise<unknown> {
    const [job] = await this.#persist(() => this.#boss.findJobs(name, { id }));
    return job?.output ?? null;
  }

  /** Removes jobs with what they gave. */
  async forget(name: string, ids: readonly string[]): Promise<void> {
    for (const some of inBatches(ids)) {
      await this.#persist(() => this.#boss.deleteJob(name, [...some]));
    }
  }

  /** Queues a job anew that is there already, in whatever state. */
  async replace(name: string, job: Job): Promise<void> {
    await this.forget(name, [job.id]);
    await this.add(name, [job]);
  }

  /**
   * Takes those of the jobs back that nobody has begun.
   *
   * @returns how many they were
   */
  async withdraw(name: string, ids: readonly string[]): Promise<number> {
    const states = await this.states(name, ids);
    const waiting = ids.filter((id) => ['created', 'retry'].includes(states.get(id) ?? ''));
    await this.forget(name, waiting);
    return waiting.length;
  }

  /** Names of queues, and how many jobs wait in them: as of some seconds ago. */
  async waiting(): Promise<{ name: string; jobs: number }[]> {
    const queues = await this.#persist(() => this.#boss.getQueues());
    return queues.map(({ name, queuedCount }) => ({ name, jobs: queuedCount }));
  }

  /** Who is connected, as of some seconds ago. */
  async connected(): Promise<Connected[]> {
    const instances = await this.#persist(() => this.#boss.getInstances());
    return instances
      .filter(({ live }) => live)
      .map(({ name, host, pid }) => ({ name: name ?? '', host, pid }));
  }

  async close(): Promise<void> {
    await this.#boss.stop({ graceful: false });
  }

  async #persist<T>(
    action: () => Promise<T>,
    patienceMs = this.#patienceMs,
    hopeless: (error: unknown) => boolean = (error) => !passes(error),
  ): Promise<T> {
    try {
      const result = await persist(() => answered(action), {
        ...{ patienceMs, pause: PAUSE, passes: (error: unknown) => !hopeless(error) },
        onTrouble: (error) => this.#tell(error),
      });
      this.#recover();
      return result;
    } catch (error) {
      throw queueError(this.address, error);
    }
  }

  #tell(error: unknown): void {
    if (this.#troubled) return;
    this.#troubled = true;
    this.#onTrouble(`${queueError(this.address, error).message}; trying again`);
  }

  #recover(): void {
    if (!this.#troubled) return;
    this.#troubled = false;
    this.#onTrouble(`queue ${this.address.shown}: it answers again`);
  }
}

function attemptOf({ id, retryCount }: TakenJob): { id: string; retryCount: number } {
  return { id, retryCount };
}

function affected(response: object): number {
  return 'affected' in response && typeof response.affected === 'number' ? response.affected : 0;
}

function* inBatches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE);
}

/** A network that swallows everything tells nobody. */
async function answered<T>(action: () => Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const silence = delay(ANSWER_MS, undefined, { signal: waiting.signal }).then(() => {
    throw new Error(`connection timeout: no answer within ${ANSWER_MS / 1000} s`);
  });
  silence.catch(() => {});
  try {
    return await Promise.race([action(), silence]);
  } finally {
    waiting.abort();
  }
}
