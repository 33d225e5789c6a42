import { setTimeout as delay } from 'node:timers/promises';
import { reportError } from '../error-report.ts';
import { Durations } from '../evaluation/durations.ts';
import { identifyProgram } from '../experiments/code.ts';
import type { ShardDescription } from '../experiments/shard.ts';
import { ShardService } from '../jobs/shard-service.ts';
import { type ErrorReport, StoppedError } from '../protocol/errors.ts';
import type { Spread } from '../protocol/results.ts';
import type { Place } from '../storage/workspace.ts';
import { QueueError } from './errors.ts';
import { describeProgram, shardQueue } from './programs.ts';
import { encodeOutput, encodeRefusal, readJob } from './shard-jobs.ts';
import type { TakenJob, WorkQueue } from './work-queue.ts';

/** Between two looks at an empty queue, ms. */
const IDLE = { least: 100, most: 2000 };
/** How long a process takes nothing after it could not do what others may, ms. */
const REFUSAL = { least: 2000, most: 60_000 };
/** How often the queues of other programs are looked at, ms. */
const STRANGERS_MS = 10_000;

export interface WorkerOptions {
  readonly place: Place;
  /** Who this is, for whoever reads of it. */
  readonly name: string;
  /** Shards at once, each in a process of its own. */
  readonly processes: number;
  /** End once nothing waits. @default false */
  readonly drain?: boolean | undefined;
  /** Told of each shard that was done. */
  readonly onDone?: ((shard: ShardDescription, seconds: number) => void) | undefined;
  /** Told what was refused, or went wrong. */
  readonly onTrouble: (message: string) => void;
  /** Takes no other shard; those under way are finished. */
  readonly signal: AbortSignal;
}

/** What a worker has done. */
export interface WorkerSummary {
  readonly shards: number;
  readonly rollouts: number;
  /** Given back, to be tried by another, or refused for good. */
  readonly failed: number;
  /** Whose lease was lost: another has it. */
  readonly lost: number;
  /** How long shards took in their processes; null where there were none. */
  readonly computingMs: Spread | null;
  /**
   * How long each took besides, from asking for it to its result being kept. The first of each process
   * waits for its start.
   */
  readonly besidesMs: Spread | null;
}

/**
 * Takes shards from a queue and gives their results back, until it is stopped. What the shard is run by
 * is another process: one that crashes fails its shard alone.
 *
 * @throws ProtocolError where the queue is gone for longer than it has patience
 */
export async function serveShards(
  queue: WorkQueue,
  options: WorkerOptions,
): Promise<WorkerSummary> {
  const name = shardQueue(await identifyProgram());
  await queue.declare(name);
  const tally = new Tally();
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const watching = watchStrangers(queue, name, options.onTrouble, signal);
  const slots = Array.from({ length: options.processes }, async () => {
    try {
      await new Slot(queue, name, { ...options, signal }, tally).serve();
    } catch (error) {
      ending.abort();
      throw error;
    }
  });
  try {
    const ended = await Promise.allSettled(slots);
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  } finally {
    ending.abort();
    await watching;
  }
  return tally.summary;
}

/** What all processes of a worker have done. */
class Tally {
  rollouts = 0;
  failed = 0;
  lost = 0;
  readonly #computing = new Durations();
  readonly #besides = new Durations();

  /** @param ms from asking for the shard to its result being kept */
  done(rollouts: number, seconds: number, ms: number): void {
    this.rollouts += rollouts;
    this.#computing.record(1000 * seconds);
    this.#besides.record(Math.max(0, ms - 1000 * seconds));
  }

  get summary(): WorkerSummary {
    const { rollouts, failed, lost } = this;
    const shards = this.#computing.count;
    return {
      ...{ shards, rollouts, failed, lost },
      computingMs: shards > 0 ? this.#computing.spread() : null,
      besidesMs: shards > 0 ? this.#besides.spread() : null,
    };
  }
}

/** One process, and the loop that gives it shards. */
class Slot {
  readonly #queue: WorkQueue;
  readonly #name: string;
  readonly #options: WorkerOptions;
  readonly #tally: Tally;
  readonly #service: ShardService;

  constructor(queue: WorkQueue, name: string, options: WorkerOptions, tally: Tally) {
    this.#queue = queue;
    this.#name = name;
    this.#options = options;
    this.#tally = tally;
    this.#service = new ShardService(options.place);
  }

  async serve(): Promise<void> {
    const { signal, drain } = this.#options;
    let idle = IDLE.least;
    let refusal = REFUSAL.least;
    try {
      while (!signal.aborted) {
        const began = performance.now();
        const job = await this.#queue.take(this.#name);
        if (!job && drain) return;
        if (!job) {
          // Not all at the same moment, who have nothing to do.
          await pause(idle * (0.5 + Math.random()), signal);
          idle = Math.min(2 * idle, IDLE.most);
          continue;
        }
        idle = IDLE.least;
        const error = await this.#do(job, began);
        if (error && !isHopeless(error)) {
          // It may be this machine that cannot do it: it is not to take from those who can.
          await pause(refusal, signal);
          refusal = Math.min(2 * refusal, REFUSAL.most);
        } else if (!error) {
          refusal = REFUSAL.least;
        }
      }
    } finally {
      this.#service.close();
    }
  }

  /** @returns why it was given back; null where it was done, or is another's by now */
  async #do(job: TakenJob, began: number): Promise<ErrorReport | null> {
    const done = new AbortController();
    const lost = new AbortController();
    const held = this.#queue.hold(this.#name, job, done.signal, () => lost.abort());
    // Without its lease the shard is another's, and what this one does of no use.
    const gone = held.catch(() => lost.abort());
    try {
      const shard = readJob(job.id, job.data);
      const file = await this.#service.run(shard, lost.signal);
      const output = encodeOutput(file, this.#options.name);
      const kept = await this.#queue.complete(this.#name, job, output);
      if (!kept) this.#tally.lost++;
      else {
        this.#tally.done(shard.cells.length, file.seconds, performance.now() - began);
        this.#options.onDone?.(shard, file.seconds);
      }
      return null;
    } catch (error) {
      if (error instanceof StoppedError) {
        this.#tally.lost++;
        // What lost it may be that the queue is gone for good.
        await held;
        return null;
      }
      if (error instanceof QueueError) throw error;
      const report = reportError(error);
      this.#tally.failed++;
      if (isHopeless(report)) {
        this.#options.onTrouble(`job ${job.id} is refused: ${report.message}`);
        await this.#queue.complete(this.#name, job, encodeRefusal(report));
      } else {
        this.#options.onTrouble(`job ${job.id} is given back: ${report.message}`);
        await this.#queue.fail(this.#name, job, report);
      }
      return report;
    } finally {
      done.abort();
      await gone;
    }
  }
}

/** Whether nobody else could do it either. */
function isHopeless({ code }: ErrorReport): boolean {
  return code === 'invalid-request';
}

/** Says once of each program that is not this one that its shards wait, and are refused here. */
async function watchStrangers(
  queue: WorkQueue,
  own: string,
  onTrouble: (message: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const told = new Set([own]);
  while (!signal.aborted) {
    for (const { name, jobs } of await queue.waiting().catch(() => [])) {
      const program = describeProgram(name);
      if (program === null || jobs === 0 || told.has(name)) continue;
      told.add(name);
      onTrouble(
        `${jobs} shards are refused: expected the ${program}, as they were planned with, got the ` +
          `${describeProgram(own)}; start a worker of that version, or plan them again with this one`,
      );
    }
    await pause(STRANGERS_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => {});
}
