import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Job } from '../../../server/protocol/index.ts';
import { t } from '../../texts.ts';
import { type Action, createAction } from './action.ts';
import type { Connection } from './connection.ts';

export interface Jobs {
  /** Oldest first. */
  readonly all: ReadonlySignal<readonly Job[]>;
  /** Those that wait or run. */
  readonly active: ReadonlySignal<readonly Job[]>;
  readonly stop: Action<[id: string]>;
  replace(jobs: readonly Job[]): void;
  /**
   * Waits for a job's end.
   *
   * @throws Error where it fails or is stopped
   */
  ended(id: string): Promise<void>;
}

export function isActive({ status }: Pick<Job, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

export function createJobs(connection: Connection): Jobs {
  const all = signal<readonly Job[]>([]);
  const waiting = new Map<string, { resolve(): void; reject(error: Error): void }>();

  function settle(job: Job): void {
    const waiter = waiting.get(job.id);
    if (!waiter || isActive(job)) return;
    waiting.delete(job.id);
    if (job.status === 'done') waiter.resolve();
    else waiter.reject(new Error(job.error?.message ?? t.value.job.ended(job.title)));
  }

  function take(job: Job): void {
    const at = all.value.findIndex(({ id }) => id === job.id);
    all.value = at < 0 ? [...all.value, job] : all.value.with(at, job);
    settle(job);
  }

  connection.socket.on('job', take);
  return {
    all,
    active: computed(() => all.value.filter(isActive)),
    stop: createAction((id) => connection.request('job:stop', { id })),
    replace(jobs) {
      all.value = jobs;
      for (const job of jobs) settle(job);
      // A restarted server no longer knows them.
      for (const [id, { reject }] of waiting) {
        if (jobs.some((job) => job.id === id)) continue;
        waiting.delete(id);
        reject(new Error(t.value.job.ended(id)));
      }
    },
    ended: (id) =>
      new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        const known = all.value.find((job) => job.id === id);
        if (known) settle(known);
      }),
  };
}
