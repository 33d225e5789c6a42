import { setTimeout as delay } from 'node:timers/promises';
import { reportError } from '../error-report.ts';
import { Durations } from '../protocol/durations.ts';
import { type ErrorReport, StoppedError } from '../protocol/errors.ts';
import type { Spread } from '../protocol/results.ts';
import type { Place } from '../storage/workspace.ts';
import { QueueError } from './errors.ts';
import { JOB_UNITS, type JobResult, type JobRunner, type JobUnit } from './job-kind.ts';
import { encodeRefusal } from './jobs.ts';
import { JOB_KIND_NAMES, JOB_KINDS, type JobKindName, ownQueue } from './kinds/index.ts';
import { describeQueue } from './programs.ts';
import type { TakenJob, WorkQueue } from './work-queue.ts';

/** Between two looks at empty queues, ms. */
const IDLE = { least: 100, most: 2000 };
/** How long a process takes nothing after it could not do what others may, ms. */
const REFUSAL = { least: 2000, most: 60_000 };
/** How often the queues of other programs are looked at, ms. */
const STRANGERS_MS = 10_000;

export interface WorkerOptions {
  readonly place: Place;
  /** Who this is, for whoever reads of it. */
  readonly name: string;
  /** Jobs at once, each in a process of its own. */
  readonly processes: number;
  /** What is taken, the first that waits. @default all */
  readonly kinds?: readonly JobKindName[] | undefined;
  /** End once nothing waits. @default false */
  readonly drain?: boolean | undefined;
  /** Told of each job that was done, or a part of it. */
  readonly onDone?: ((done: JobResult) => void) | undefined;
  /** Told what was refused, or went wrong. */
  readonly onTrouble: (message: string) => void;
  /** Takes no other job; those under way are finished, or put down for another to go on with. */
  readonly signal: AbortSignal;
}

/** What a worker has done: how many jobs of each kind, and what was in them. */
export interface WorkerSummary
  extends Readonly<Record<JobKindName, number>>,
    Readonly<Record<JobUnit, number>> {
  /** Given back, to be tried by another, or refused for good. */
  readonly failed: number;
  /** Whose lease was lost: another has it. */
  readonly lost: number;
  /** How long jobs took in their processes; null where there were none. */
  readonly computingMs: Spread | null;
  /**
   * How long each took besides, from asking for it to its result being kept. The first of each process
   * waits for its start.
   */
  readonly besidesMs: Spread | null;
}

/**
 * Takes jobs from queues and gives their results back, until it is stopped. What does a job is another
 * process: one that crashes fails its job alone.
 *
 * @throws ProtocolError where the queue is gone for longer than it has patience
 */
export async function serveJobs(queue: WorkQueue, options: WorkerOptions): Promise<WorkerSummary> {
  const { kinds = JOB_KIND_NAMES } = options;
  const names = await Promise.all(kinds.map(ownQueue));
  for (const name of names) await queue.declare(name);
  const tally = new Tally();
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const watching = watchStrangers(queue, names, options.onTrouble, signal);
  const slots = Array.from({ length: options.processes }, async () => {
    const doors = kinds.map((kind, k) => new Door(kind, names[k], options.place));
    try {
      await new Slot(queue, doors, { ...options, signal }, tally).serve();
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
  failed = 0;
  lost = 0;
  readonly #jobs = countsOf(JOB_KIND_NAMES);
  readonly #amounts = countsOf(JOB_UNITS);
  readonly #computing = new Durations();
  readonly #besides = new Durations();

  /** @param ms from asking for the job to its result being kept */
  done(kind: JobKindName, { seconds, amount, left }: JobResult, ms: number): void {
    this.#amounts[amount.unit] += amount.count;
    if (left) return;
    this.#jobs[kind]++;
    this.#computing.record(1000 * seconds);
    this.#besides.record(Math.max(0, ms - 1000 * seconds));
  }

  get summary(): WorkerSummary {
    const { failed, lost } = this;
    const some = this.#computing.count > 0;
    return {
      ...{ ...this.#jobs, ...this.#amounts, failed, lost },
      computingMs: some ? this.#computing.spread() : null,
      besidesMs: some ? this.#besides.spread() : null,
    };
  }
}

function countsOf<K extends string>(names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<K, number>;
}

/** Where a process takes jobs of one kind from, and what does them; it is there once there is one. */
class Door {
  readonly kind: JobKindName;
  readonly queue: string;
  readonly #place: Place;
  #runner: JobRunner | null = null;

  constructor(kind: JobKindName, queue: string, place: Place) {
    this.kind = kind;
    this.queue = queue;
    this.#place = place;
  }

  get runner(): JobRunner {
    this.#runner ??= JOB_KINDS[this.kind].open(this.#place);
    return this.#runner;
  }

  close(): void {
    this.#runner?.close();
  }
}

/** One process, and the loop that gives it jobs. */
class Slot {
  readonly #queue: WorkQueue;
  readonly #doors: readonly Door[];
  readonly #options: WorkerOptions;
  readonly #tally: Tally;

  constructor(queue: WorkQueue, doors: readonly Door[], options: WorkerOptions, tally: Tally) {
    this.#queue = queue;
    this.#doors = doors;
    this.#options = options;
    this.#tally = tally;
  }

  async serve(): Promise<void> {
    const { signal, drain } = this.#options;
    let idle = IDLE.least;
    let refusal = REFUSAL.least;
    try {
      while (!signal.aborted) {
        const began = performance.now();
        const taken = await this.#take();
        if (!taken && drain) return;
        if (!taken) {
          // Not all at the same moment, who have nothing to do.
          await pause(idle * (0.5 + Math.random()), signal);
          idle = Math.min(2 * idle, IDLE.most);
          continue;
        }
        idle = IDLE.least;
        const error = await this.#do(taken.door, taken.job, began);
        if (error && !isHopeless(error)) {
          // It may be this machine that cannot do it: it is not to take from those who can.
          await pause(refusal, signal);
          refusal = Math.min(2 * refusal, REFUSAL.most);
        } else if (!error) {
          refusal = REFUSAL.least;
        }
      }
    } finally {
      for (const door of this.#doors) door.close();
    }
  }

  async #take(): Promise<{ door: Door; job: TakenJob } | null> {
    for (const door of this.#doors) {
      const job = await this.#queue.take(door.queue);
      if (job) return { door, job };
    }
    return null;
  }

  /** @returns why it was given back; null where it was done, or is another's by now */
  async #do(door: Door, job: TakenJob, began: number): Promise<ErrorReport | null> {
    const { name, signal, onDone = () => {}, onTrouble } = this.#options;
    const done = new AbortController();
    const lost = new AbortController();
    const held = this.#queue.hold(door.queue, job, done.signal, () => lost.abort());
    // Without its lease the job is another's, and what this one does of no use.
    const gone = held.catch(() => lost.abort());
    try {
      const result = await door.runner.run(job, { lost: lost.signal, ending: signal });
      const output = { ...result.output, worker: name };
      const kept = await this.#queue.complete(door.queue, job, output);
      if (!kept) this.#tally.lost++;
      else {
        this.#tally.done(door.kind, result, performance.now() - began);
        onDone(result);
        // Who queued it does the same, should this end here.
        if (result.left) await this.#queue.replace(door.queue, result.left);
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
        onTrouble(`job ${job.id} is refused: ${report.message}`);
        await this.#queue.complete(door.queue, job, encodeRefusal(report));
      } else {
        onTrouble(`job ${job.id} is given back: ${report.message}`);
        await this.#queue.fail(door.queue, job, report);
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
  return code === 'invalid-request' || code === 'diverged';
}

/** Says once of each program that is not this one that its jobs wait, and are refused here. */
async function watchStrangers(
  queue: WorkQueue,
  own: readonly string[],
  onTrouble: (message: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const told = new Set(own);
  const ofKind = new Map(own.map((name) => [describeQueue(name)?.kind, describeQueue(name)]));
  while (!signal.aborted) {
    for (const { name, jobs } of await queue.waiting().catch(() => [])) {
      const described = describeQueue(name);
      const mine = ofKind.get(described?.kind);
      if (!described || !mine || jobs === 0 || told.has(name)) continue;
      told.add(name);
      onTrouble(
        `${jobs} ${described.kind} are refused: expected the ${described.program}, as they were planned ` +
          `with, got the ${mine.program}; start a worker of that version, or plan them again with this one`,
      );
    }
    await pause(STRANGERS_MS, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => {});
}
