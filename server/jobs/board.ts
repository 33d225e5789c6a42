import { randomBytes } from 'node:crypto';
import { summarizeDataset, summarizeEpisode } from '../lab/datasets.ts';
import { reportError } from '../lab/error-report.ts';
import { createRun } from '../lab/train.ts';
import type { Workspace } from '../lab/workspace.ts';
import type { CompareRequest } from '../protocol/compare.ts';
import type {
  DatasetSummary,
  EpisodeSummary,
  GenerateRequest,
  Recording,
  RecordingAccepted,
} from '../protocol/datasets.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Job } from '../protocol/events.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Comparison } from '../protocol/results.ts';
import type { Metric, Run, TrainRequest } from '../protocol/runs.ts';
import { compare } from './compare.ts';
import { startWork } from './process.ts';

/** Who wants to know what happens on a board. */
export interface BoardListener {
  job(job: Job): void;
  run(run: Run): void;
  metric(id: string, metric: Metric): void;
  datasets(datasets: readonly DatasetSummary[]): void;
  comparison(id: string, comparison: Comparison): void;
}

/** What a job is to do once it is its turn. */
interface Entry {
  job: Job;
  startedAt: number | null;
  readonly controller: AbortController;
  /** Settles when its work has ended. */
  done: Promise<void>;
  work(signal: AbortSignal, onProgress: (progress: number) => void): Promise<void>;
}

/** The server's own work and the stages come first. */
const BACKGROUND = { background: true };
/** Ended jobs that are still listed. */
const KEPT_JOBS = 50;
/** Progress is reported when it has moved by this much. */
const PROGRESS_STEP = 0.002;

/**
 * The long work of one server: what runs, what waits, what is done. One job of a kind runs at a
 * time; all of it happens in child processes.
 */
export class JobBoard {
  readonly #workspace: Workspace;
  readonly #listener: BoardListener;
  readonly #entries: Entry[] = [];

  constructor(workspace: Workspace, listener: BoardListener) {
    this.#workspace = workspace;
    this.#listener = listener;
  }

  /** Oldest first. */
  get jobs(): readonly Job[] {
    return this.#entries.map(({ job }) => job);
  }

  /** @throws ProtocolError, DatasetError where the run cannot begin */
  async train(request: TrainRequest): Promise<Run> {
    this.#checkRoom('train');
    const run = await createRun(this.#workspace.runs, this.#workspace.datasets, request);
    this.#enqueueTraining(run);
    return run;
  }

  /** @throws ProtocolError 'not-found'; 'conflict' for a run that is not at rest */
  async resume(id: string): Promise<Run> {
    this.#checkRoom('train');
    const run = await this.#workspace.runs.read(id);
    const unfinished = run.step < run.training.steps;
    if (run.status === 'running' || run.status === 'queued' || !unfinished) {
      const state = unfinished ? run.status : `${run.status} at its last step`;
      throw new ProtocolError('conflict', `run ${id}: expected one to go on with, it is ${state}`);
    }
    const queued = await this.#workspace.runs.update(id, { status: 'queued', error: null });
    this.#enqueueTraining(queued);
    return queued;
  }

  /** @throws DatasetError 'exists', 'invalid-name' */
  async generate(request: GenerateRequest): Promise<Job> {
    this.#checkRoom('generate');
    const { place } = this.#workspace;
    const title = `${request.episodes} demonstrations → ${request.out}`;
    return this.#enqueue('generate', title, async (signal, onProgress) => {
      const work = startWork(
        'generate',
        { place, request },
        (done) => onProgress(done / request.episodes),
        BACKGROUND,
      );
      signal.addEventListener('abort', () => work.stop());
      try {
        await work.result;
      } finally {
        await this.#announceDatasets();
      }
    });
  }

  compare(request: CompareRequest): Job {
    this.#checkRoom('compare');
    const rollouts = request.rollouts * request.policies.length;
    const title = `${request.rollouts} rollouts each of ${request.policies.length} policies`;
    const id = newId('compare');
    return this.#enqueue(
      'compare',
      title,
      async (signal, onProgress) => {
        const comparison = await compare(this.#workspace, request, {
          onProgress: (ended) => onProgress(ended / rollouts),
          signal,
          ...BACKGROUND,
        });
        this.#listener.comparison(id, comparison);
      },
      id,
    );
  }

  /** Replays a recording in a child process and keeps it where it ends in the same state. */
  async accept(recording: Recording, commands: Float32Array): Promise<RecordingAccepted> {
    const input = { place: this.#workspace.place, recording, commands };
    const accepted = await startWork('accept', input).result;
    await this.#announceDatasets();
    return accepted;
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
    if (entry.job.kind !== 'train') return;
    this.#listener.run(await this.#workspace.runs.update(id, { status: 'stopped' }));
  }

  /** Ends all jobs and waits until they have kept what they have. */
  async close(): Promise<void> {
    const running = this.#entries.filter(({ job }) => job.status === 'running');
    for (const { job } of this.#entries) await this.stop(job.id);
    await Promise.all(running.map(({ done }) => done));
  }

  async datasets(): Promise<DatasetSummary[]> {
    const listings = await this.#workspace.datasets.list();
    return listings.flatMap(({ info }) => (info ? [summarizeDataset(info)] : []));
  }

  async episodes(name: string): Promise<EpisodeSummary[]> {
    const { episodes } = await this.#workspace.datasets.open(name);
    return episodes.map(summarizeEpisode);
  }

  /** @returns what `restore` takes */
  async trash(name: string): Promise<string> {
    const id = await this.#workspace.datasets.trash(name);
    await this.#announceDatasets();
    return id;
  }

  async restore(id: string): Promise<DatasetSummary> {
    const { info } = await this.#workspace.datasets.restore(id);
    await this.#announceDatasets();
    return summarizeDataset(info);
  }

  #enqueueTraining(run: Run): void {
    const { runs, place } = this.#workspace;
    const title = `${run.policy} on ${run.dataset.name}`;
    const work: Entry['work'] = async (signal, onProgress) => {
      const child = startWork(
        'train',
        { place, run: run.id },
        (metric) => {
          this.#listener.metric(run.id, metric);
          onProgress(metric.step / run.training.steps);
        },
        BACKGROUND,
      );
      signal.addEventListener('abort', () => child.stop());
      this.#listener.run({ ...run, status: 'running' });
      try {
        await child.result;
      } finally {
        // A child that was killed could not say so itself.
        await runs.recover();
        this.#listener.run(await runs.read(run.id));
      }
    };
    this.#listener.run(run);
    this.#enqueue('train', title, work, run.id);
  }

  #checkRoom(kind: Job['kind']): void {
    const waiting = this.#entries.filter(
      ({ job }) => job.kind === kind && job.status === 'queued',
    ).length;
    if (waiting < LIMITS.queuedJobs) return;
    throw new ProtocolError(
      'busy',
      `${kind}: expected at most ${LIMITS.queuedJobs} jobs waiting; wait for one, or stop one`,
    );
  }

  #enqueue(kind: Job['kind'], title: string, work: Entry['work'], id = newId(kind)): Job {
    const job: Job = {
      id,
      kind,
      title,
      status: 'queued',
      progress: 0,
      secondsLeft: null,
      error: null,
    };
    // A resumed run takes the place of its earlier job.
    const earlier = this.#entries.findIndex((entry) => entry.job.id === id);
    if (earlier >= 0) this.#entries.splice(earlier, 1);
    this.#entries.push({
      job,
      work,
      startedAt: null,
      controller: new AbortController(),
      done: Promise.resolve(),
    });
    this.#forgetOld();
    this.#listener.job(job);
    this.#startNext(kind);
    return job;
  }

  #startNext(kind: Job['kind']): void {
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
      await entry.work(signal, (progress) => this.#progress(entry, progress));
      const status = signal.aborted ? 'stopped' : 'done';
      this.#change(entry, { status, progress: signal.aborted ? entry.job.progress : 1 });
    } catch (error) {
      if (signal.aborted) this.#change(entry, { status: 'stopped' });
      else this.#change(entry, { status: 'failed', error: reportError(error) });
    }
    this.#startNext(entry.job.kind);
  }

  #progress(entry: Entry, progress: number): void {
    if (progress < entry.job.progress + PROGRESS_STEP && progress < 1) return;
    const seconds = (performance.now() - (entry.startedAt ?? 0)) / 1000;
    const secondsLeft = progress > 0 ? (seconds / progress) * (1 - progress) : null;
    this.#change(entry, { progress, secondsLeft });
  }

  #change(entry: Entry, change: Partial<Job>): void {
    entry.job = { ...entry.job, ...change };
    if (entry.job.status !== 'running') entry.job = { ...entry.job, secondsLeft: null };
    this.#listener.job(entry.job);
  }

  #forgetOld(): void {
    const ended = this.#entries.filter(({ job }) => !['queued', 'running'].includes(job.status));
    for (const entry of ended.slice(0, Math.max(0, ended.length - KEPT_JOBS))) {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
    }
  }

  async #announceDatasets(): Promise<void> {
    this.#listener.datasets(await this.datasets());
  }
}

function newId(kind: Job['kind']): string {
  return `${kind}-${randomBytes(4).toString('hex')}`;
}
