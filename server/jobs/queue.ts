import { randomBytes } from 'node:crypto';
import { reportError } from '../error-report.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Job, Preparation } from '../protocol/events.ts';
import { LIMITS } from '../protocol/limits.ts';

type Kind = Job['kind'];

/** Told the part that is done, from 0 to 1, or before that what is being prepared. */
export type OnProgress = (progress: number | Preparation) => void;

/** What a job is to do once it is its turn. */
export interface Task {
  readonly title: string;
  /** @default a new one */
  readonly id?: string;
  /** That it runs, by its name. @default none */
  readonly experiment?: string;
  /** @param id the job's own */
  work(signal: AbortSignal, onProgress: OnProgress, id: string): Promise<void>;
  /** Instead of `work` where the job is stopped while it waits. */
  dropped?(): Promise<void>;
}

interface Entry {
  job: Job;
  startedAt: number | null;
  readonly task: Task;
  readonly controller: AbortController;
  /** Settles when its work has ended. */
  done: Promise<void>;
}

/** Ended jobs that are still listed. */
const KEPT_JOBS = 50;
/** Progress is reported when it has moved by this much. */
const PROGRESS_STEP = 0.002;
/** Preparations are over sooner, and come one batch or episode at a time. */
const PREPARATION_STEP = 0.01;

/** Jobs that wait, run and have ended. One of a kind runs at a time. */
export class JobQueue {
  readonly #onChange: (job: Job) => void;
  readonly #entries: Entry[] = [];
  /** Jobs being prepared: they have a place, and no entry yet. */
  readonly #preparing = new Map<Promise<unknown>, Kind>();
  #closed = false;

  constructor(onChange: (job: Job) => void) {
    this.#onChange = onChange;
  }

  /** Oldest first. */
  get jobs(): readonly Job[] {
    return this.#entries.map(({ job }) => job);
  }

  /**
   * Gives a job a place at once, for what must be done before it is one.
   *
   * @param prepare calls `add` once the job can wait for its turn; where it throws, none is added
   * @throws ProtocolError 'busy' where too many wait or the queue is closed; what `prepare` throws
   */
  async prepare<T>(kind: Kind, prepare: (add: (task: Task) => Job) => Promise<T>): Promise<T> {
    this.#checkRoom(kind);
    const prepared = prepare((task) => this.#add(kind, task));
    this.#preparing.set(prepared, kind);
    try {
      return await prepared;
    } finally {
      this.#preparing.delete(prepared);
    }
  }

  /**
   * Ends a job: one that waits at once, one that runs soon.
   *
   * @throws ProtocolError 'not-found'
   */
  async stop(id: string): Promise<void> {
    const entry = this.#entries.find(({ job }) => job.id === id);
    if (!entry) throw new ProtocolError('not-found', `job: expected one on the board, got "${id}"`);
    entry.controller.abort();
    if (entry.job.status !== 'queued') return;
    this.#change(entry, { status: 'stopped' });
    entry.done = entry.task.dropped?.() ?? Promise.resolve();
    await entry.done;
  }

  /** Ends all jobs, waits until they have kept what they have, and takes no more. */
  async close(): Promise<void> {
    this.#closed = true;
    // Only those that are prepared by now can be stopped.
    await Promise.allSettled(this.#preparing.keys());
    // Those that wait first: none of them may begin because another has ended.
    const ends: Promise<void>[] = [];
    for (const status of ['queued', 'running'] as const) {
      for (const { job } of this.#entries) if (job.status === status) ends.push(this.stop(job.id));
    }
    ends.push(...this.#entries.map(({ done }) => done));
    const failed = (await Promise.allSettled(ends)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  #checkRoom(kind: Kind): void {
    if (this.#closed) throw new ProtocolError('busy', 'the server is closing; start it again');
    const waiting = this.#entries.filter(
      ({ job }) => job.kind === kind && job.status === 'queued',
    ).length;
    const preparing = [...this.#preparing.values()].filter((each) => each === kind).length;
    if (waiting + preparing < LIMITS.queuedJobs) return;
    throw new ProtocolError(
      'busy',
      `${kind}: expected at most ${LIMITS.queuedJobs} jobs waiting; wait for one, or stop one`,
    );
  }

  #add(kind: Kind, task: Task): Job {
    const { title, id = newId(kind), experiment } = task;
    const job: Job = {
      id,
      kind,
      title,
      ...(experiment !== undefined && { experiment }),
      status: 'queued',
      progress: 0,
      preparation: null,
      secondsLeft: null,
      error: null,
    };
    // A resumed run takes the place of its earlier job.
    const earlier = this.#entries.findIndex((entry) => entry.job.id === id);
    if (earlier >= 0) this.#entries.splice(earlier, 1);
    this.#entries.push({
      job,
      task,
      startedAt: null,
      controller: new AbortController(),
      done: Promise.resolve(),
    });
    this.#forgetOld();
    this.#onChange(job);
    this.#startNext(kind);
    return job;
  }

  #startNext(kind: Kind): void {
    if (this.#closed) return;
    const ofKind = this.#entries.filter(({ job }) => job.kind === kind);
    if (ofKind.some(({ job }) => job.status === 'running')) return;
    const next = ofKind.find(({ job }) => job.status === 'queued');
    if (next) next.done = this.#perform(next);
  }

  async #perform(entry: Entry): Promise<void> {
    const { signal } = entry.controller;
    entry.startedAt = performance.now();
    this.#change(entry, { status: 'running' });
    try {
      const onProgress: OnProgress = (progress) => {
        if (typeof progress === 'number') this.#progress(entry, progress);
        else this.#prepared(entry, progress);
      };
      await entry.task.work(signal, onProgress, entry.job.id);
      const status = signal.aborted ? 'stopped' : 'done';
      this.#change(entry, { status, progress: signal.aborted ? entry.job.progress : 1 });
    } catch (error) {
      if (signal.aborted) this.#change(entry, { status: 'stopped' });
      else this.#change(entry, { status: 'failed', error: reportError(error) });
    }
    this.#startNext(entry.job.kind);
  }

  #progress(entry: Entry, progress: number): void {
    const { job } = entry;
    const moved = progress >= job.progress + PROGRESS_STEP || progress >= 1;
    if (!moved && job.preparation === null) return;
    const seconds = (performance.now() - (entry.startedAt ?? 0)) / 1000;
    const secondsLeft = progress > 0 ? (seconds / progress) * (1 - progress) : null;
    this.#change(entry, { progress, preparation: null, secondsLeft });
  }

  #prepared(entry: Entry, preparation: Preparation): void {
    // It says nothing of how long the rest takes.
    entry.startedAt = performance.now();
    const { preparing, share } = preparation;
    const before = entry.job.preparation;
    const moved = preparing !== before?.preparing || share >= before.share + PREPARATION_STEP;
    if (moved) this.#change(entry, { preparation });
  }

  #change(entry: Entry, change: Partial<Job>): void {
    entry.job = { ...entry.job, ...change };
    if (entry.job.status !== 'running') {
      entry.job = { ...entry.job, preparation: null, secondsLeft: null };
    }
    this.#onChange(entry.job);
  }

  #forgetOld(): void {
    const ended = this.#entries.filter(({ job }) => !['queued', 'running'].includes(job.status));
    for (const entry of ended.slice(0, Math.max(0, ended.length - KEPT_JOBS))) {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
    }
  }
}

export function newId(kind: Kind): string {
  return `${kind}-${randomBytes(4).toString('hex')}`;
}
