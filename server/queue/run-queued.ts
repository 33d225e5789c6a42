import { setTimeout as delay } from 'node:timers/promises';
import { checkProgram } from '../experiments/code.ts';
import type { ExperimentDirectory } from '../experiments/directory.ts';
import { shardName } from '../experiments/merge.ts';
import type { ExperimentPlan } from '../experiments/plan.ts';
import { checkPolicy } from '../experiments/run-shard.ts';
import type { Shard } from '../experiments/shard.ts';
import { restOf } from '../experiments/survey.ts';
import type { ExperimentOptions, ExperimentRun } from '../jobs/experiment.ts';
import { ProtocolError, StoppedError } from '../protocol/errors.ts';
import { type PolicySource, sourceName } from '../protocol/sources.ts';
import type { Workspace } from '../storage/workspace.ts';
import { QueueError } from './errors.ts';
import { describeProgram, queueOfWorker, shardQueue } from './programs.ts';
import { decodeOutput, jobIdOf, jobOf, reasonOf, refusalOf } from './shard-jobs.ts';
import type { WorkQueue } from './work-queue.ts';

/** Between two looks at what has ended, ms. */
const LOOK_MS = 500;
/** How often it is looked who works, ms; nobody for as long is said. */
const WORKERS_MS = 5000;
/** Results of one shard that are no results before it is given up. */
const MOST_DAMAGED = 3;

export interface QueuedOptions extends Omit<ExperimentOptions, 'processes' | 'onProgress'> {
  /** Told the number of ended rollouts, and how many workers there are once that is known. */
  readonly onProgress?: ((ended: number, workers: number | null) => void) | undefined;
  /** Told what a person should know, such as that nobody works. */
  readonly onNotice?: ((message: string) => void) | undefined;
}

/**
 * Runs the shards of an experiment that are not there yet by whoever takes them from a queue, and keeps
 * each result as it comes. What is queued or done already, by whomever, is waited for or taken, not queued
 * again.
 *
 * @throws as `runExperiment`; ProtocolError 'failed' where a shard failed on every worker that took it, or
 *         the queue is gone
 * @throws StoppedError where `signal` aborts: what nobody has begun is taken back
 */
export async function runQueued(
  workspace: Workspace,
  directory: ExperimentDirectory,
  plan: ExperimentPlan,
  queue: WorkQueue,
  {
    part = { index: 1, count: 1 },
    again = false,
    onBegin = () => {},
    onProgress = () => {},
    onNotice = () => {},
    signal,
  }: QueuedOptions = {},
): Promise<ExperimentRun> {
  const { todo, ...rest } = restOf(plan, await directory.readShards(), { part, again });
  const run = { shards: todo.length, ...rest };
  onBegin(run);
  if (todo.length === 0) return run;
  await checkProgram(plan, directory.path);
  for (const contender of new Set(todo.map((shard) => shard.contender))) {
    checkCarried(plan.contenders[contender].source);
    await checkPolicy(workspace, plan.contenders[contender]);
  }
  const waiting = new Waiting(directory, plan, queue, todo);
  await waiting.begin(again);
  const workers = new WorkerWatch(queue, shardQueue(plan), onNotice);
  try {
    for (;;) {
      const ended = await waiting.collect();
      onProgress(ended, await workers.count());
      if (waiting.done) return run;
      if (signal?.aborted) throw new StoppedError();
      await delay(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  } catch (error) {
    // One that does not answer takes nothing back: the same command finds there what it left.
    if (error instanceof QueueError) throw error;
    const taken = await waiting.withdraw();
    const left = waiting.open - taken;
    onNotice(
      `${taken} shards that nobody had begun are taken back` +
        (left > 0 ? `; ${left} go on, and the same command fetches them` : ''),
    );
    throw error;
  }
}

/** Workers read and dial nothing that somebody who can write to the queue names. */
function checkCarried(source: PolicySource): void {
  if (source.kind === 'shipped' || source.kind === 'run') return;
  throw new ProtocolError(
    'invalid-request',
    `queue: expected policies that ship and runs in the data directory, got ${sourceName(source)}; run ` +
      'the experiment without --queue, in parts with --shard i/N',
  );
}

/** The shards that are not here yet. */
class Waiting {
  readonly #directory: ExperimentDirectory;
  readonly #plan: ExperimentPlan;
  readonly #queue: WorkQueue;
  readonly #name: string;
  /** By job. */
  readonly #open: Map<string, Shard>;
  readonly #damaged = new Map<string, number>();
  #ended = 0;

  constructor(
    directory: ExperimentDirectory,
    plan: ExperimentPlan,
    queue: WorkQueue,
    todo: readonly Shard[],
  ) {
    this.#directory = directory;
    this.#plan = plan;
    this.#queue = queue;
    this.#name = shardQueue(plan);
    this.#open = new Map(todo.map((shard) => [jobIdOf(shard.id), shard]));
  }

  get open(): number {
    return this.#open.size;
  }

  get done(): boolean {
    return this.#open.size === 0;
  }

  /** @param again not to be content with what was done before */
  async begin(again: boolean): Promise<void> {
    await this.#queue.declare(this.#name);
    const states = await this.#queue.states(this.#name, [...this.#open.keys()]);
    const stale = again ? ['failed', 'cancelled', 'completed'] : ['failed', 'cancelled'];
    const ids = [...states].filter(([, state]) => stale.includes(state)).map(([id]) => id);
    await this.#queue.forget(this.#name, ids);
    await this.#queue.add(this.#name, [...this.#open.values()].map(jobOf));
  }

  /** @returns how many rollouts have been kept since the beginning */
  async collect(): Promise<number> {
    const states = await this.#queue.states(this.#name, [...this.#open.keys()]);
    for (const [id, shard] of this.#open) {
      const state = states.get(id);
      if (state === 'completed') await this.#take(id, shard);
      else if (state === 'failed') {
        throw this.#failure(shard, reasonOf(await this.#queue.outputOf(this.#name, id)));
      }
      // Another client took it back, or a restored database does not know it.
      else if (state === undefined || state === 'cancelled') await this.#requeue(id, shard);
    }
    return this.#ended;
  }

  async withdraw(): Promise<number> {
    return this.#queue.withdraw(this.#name, [...this.#open.keys()]);
  }

  async #take(id: string, shard: Shard): Promise<void> {
    const output = await this.#queue.outputOf(this.#name, id);
    const refusal = refusalOf(output);
    if (refusal !== null) {
      await this.#queue.forget(this.#name, [id]);
      throw this.#failure(shard, refusal);
    }
    try {
      await this.#directory.keep(shard.id, decodeOutput(output));
    } catch (error) {
      const tries = (this.#damaged.get(id) ?? 0) + 1;
      this.#damaged.set(id, tries);
      const damaged = error instanceof ProtocolError && error.code === 'damaged';
      if (!damaged || tries >= MOST_DAMAGED) throw error;
      await this.#requeue(id, shard);
      return;
    }
    this.#open.delete(id);
    this.#ended += shard.to - shard.from;
  }

  #failure(shard: Shard, reason: string): ProtocolError {
    return new ProtocolError(
      'failed',
      `shard ${shard.id.slice(0, 12)} (${shardName(this.#plan, shard)}): expected a worker to run it, ` +
        `got none that could: ${reason}`,
    );
  }

  async #requeue(id: string, shard: Shard): Promise<void> {
    await this.#queue.forget(this.#name, [id]);
    await this.#queue.add(this.#name, [jobOf(shard)]);
  }
}

/** Who works on a queue; says once where nobody does. */
class WorkerWatch {
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
    const queues = (await this.#queue.connected()).flatMap(({ name }) => queueOfWorker(name) ?? []);
    this.#count = queues.filter((each) => each === this.#name).length;
    if (this.#count === 0 && !this.#told) {
      this.#told = true;
      this.#onNotice(this.#nobody(queues));
    } else if (this.#count > 0) {
      this.#told = false;
    }
    return this.#count;
  }

  #nobody(others: readonly string[]): string {
    const start = `forking-paths worker --queue ${this.#queue.address.shown}`;
    const programs = [...new Set(others)].map((each) => describeProgram(each));
    const strangers =
      others.length > 0
        ? `; ${others.length} are there that refuse them, of the ${programs.join(', and the ')}`
        : '';
    return (
      `expected workers of the ${describeProgram(this.#name)}, got none yet${strangers}; start some: ` +
      start
    );
  }
}
