import type { ProgramIdentity } from '../experiments/code.ts';
import type { Place } from '../storage/workspace.ts';
import type { Job, TakenJob } from './work-queue.ts';

/** A kind of work that waits in queues: one file, and a line in the list of `kinds/index.ts`. */
export interface JobKind {
  /** Which program does it: another one, which may give other bits, has a queue of its own. */
  identify(): Promise<ProgramIdentity>;
  /** Something that does such jobs one at a time, each in a child process. */
  open(place: Place): JobRunner;
}

export interface JobRunner {
  /**
   * @throws ProtocolError 'invalid-request' for what nobody else could do either; any other for what is
   *         given back
   * @throws StoppedError where `until.lost` aborts
   */
  run(job: Pick<TakenJob, 'id' | 'data'>, until: JobSignals): Promise<JobResult>;
  close(): void;
}

export interface JobSignals {
  /** The job is another's by now: ends at once, and nothing is kept. */
  readonly lost: AbortSignal;
  /** The worker is to end: what takes long is put down where it is, what is short is finished. */
  readonly ending: AbortSignal;
}

/** A job that was done, or a part of it. */
export interface JobResult {
  /** For who queued it. */
  readonly output: object;
  /** What another is to go on with: the same job. Null where it is done. */
  readonly left: Job | null;
  /** How long it took in its process, s. */
  readonly seconds: number;
  readonly amount: { readonly count: number; readonly unit: JobUnit };
  /** Whose it is, for people: "flow". */
  readonly of: string;
}

/** What jobs are counted in. */
export const JOB_UNITS = ['rollouts', 'steps', 'episodes'] as const;
export type JobUnit = (typeof JOB_UNITS)[number];
