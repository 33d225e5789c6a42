import {
  batch,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from '@preact/signals';
import type {
  ExperimentEntry,
  ExperimentList,
  ExperimentRollouts,
  ExperimentView,
  Job,
} from '../../../server/protocol/index.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import type { Connection } from '../../shared/link/connection.ts';
import { createJobs, isActive, type Jobs } from '../../shared/link/jobs.ts';
import type { Place } from './place.ts';

/** One that was thrown away, and can be had back. */
export interface Trashed {
  /** In the trash. */
  readonly id: string;
  readonly title: string;
}

/** The experiments that the server keeps, the one that is looked at, and what runs. */
export interface History {
  readonly connection: Connection;
  readonly jobs: Jobs;
  /** Null before the first answer. */
  readonly list: ReadonlySignal<ExperimentList | null>;
  /** What is to be shown. */
  readonly place: Signal<Place>;
  /** What `place` names; null while it is read, or where it cannot be. */
  readonly view: ReadonlySignal<ExperimentView | null>;
  /** Of the contender that `place` names, as far as they were asked for. */
  readonly rollouts: ReadonlySignal<ExperimentRollouts | null>;
  readonly trashed: ReadonlySignal<readonly Trashed[]>;
  readonly refresh: Action<[]>;
  readonly open: Action<[]>;
  readonly watch: Action<[]>;
  /** Further ones of the same contender. */
  readonly watchMore: Action<[]>;
  readonly goOn: Action<[name: string]>;
  readonly rename: Action<[name: string, title: string]>;
  readonly trash: Action<[entry: Pick<ExperimentEntry, 'name'>, title: string]>;
  readonly undo: Action<[id: string]>;
}

export function createHistory(connection: Connection, start: Place): History {
  const jobs = createJobs(connection);
  const list = signal<ExperimentList | null>(null);
  const place = signal<Place>(start);
  const view = signal<ExperimentView | null>(null);
  const rollouts = signal<ExperimentRollouts | null>(null);
  const trashed = signal<readonly Trashed[]>([]);
  const refresh = again(
    createAction(async () => {
      list.value = await connection.request('experiments:list', {});
    }),
  );
  const open = again(
    createAction(async () => {
      const { name } = place.value;
      if (name === null) return;
      const opened = await connection.request('experiment:open', { name });
      // Somebody may have gone on to another one meanwhile.
      if (place.value.name === name) view.value = opened;
    }),
  );
  const askRollouts = async (from: number): Promise<ExperimentRollouts | null> => {
    const { name, contender } = place.value;
    if (name === null || contender === null) return null;
    const answer = await connection.request('experiment:rollouts', { name, contender, from });
    const same = place.value.name === name && place.value.contender === contender;
    return same ? answer : null;
  };
  const watch = again(
    createAction(async () => {
      const first = await askRollouts(0);
      if (first) rollouts.value = first;
    }),
  );

  // What is shown of another place is no longer wanted.
  effect(() => {
    const { name, contender } = place.value;
    untracked(() => {
      batch(() => {
        if (view.value?.name !== name) view.value = null;
        rollouts.value = null;
      });
      if (name !== null && view.value === null) void open.run();
      if (contender !== null) void watch.run();
    });
  });
  // What happened while the connection was down nobody told.
  effect(() => {
    if (connection.status.value !== 'online') return;
    untracked(() => {
      void connection.request('hello', {}).then(
        (hello) => jobs.replace(hello.jobs),
        // The connection was lost again, and comes back with the same.
        () => undefined,
      );
      void refresh.run();
      void open.run();
      void watch.run();
    });
  });
  connection.socket.on('experiments', () => void refresh.run());
  const known = new Map<string, Job['status']>();
  connection.socket.on('job', (job) => {
    if (job.experiment === undefined || known.get(job.id) === job.status) return;
    known.set(job.id, job.status);
    void refresh.run();
    if (job.experiment !== place.value.name || isActive(job)) return;
    void open.run();
    void watch.run();
  });

  return {
    ...{ connection, jobs, list, place, view, rollouts, trashed, refresh, open, watch },
    watchMore: createAction(async () => {
      const before = rollouts.value;
      const more = before && (await askRollouts(before.rollouts.length));
      if (!before || !more) return;
      rollouts.value = { ...more, rollouts: [...before.rollouts, ...more.rollouts] };
    }),
    goOn: createAction(async (name) => {
      await connection.request('experiment:continue', { name });
    }),
    rename: createAction(async (name, title) => {
      await connection.request('experiment:rename', { name, title: title.trim() || null });
      if (place.value.name === name) void open.run();
    }),
    trash: createAction(async ({ name }, title) => {
      const { id } = await connection.request('experiment:trash', { name });
      batch(() => {
        trashed.value = [{ id, title }, ...trashed.value];
        if (place.value.name === name) place.value = { name: null, contender: null };
      });
    }),
    undo: createAction(async (id) => {
      await connection.request('experiment:restore', { id });
      trashed.value = trashed.value.filter((each) => each.id !== id);
    }),
  };
}

/** What is asked for while an answer is under way is asked for again once that is there. */
function again(action: Action<[]>): Action<[]> {
  let wanted = false;
  return {
    ...action,
    async run() {
      if (action.busy.value) {
        wanted = true;
        return;
      }
      do {
        wanted = false;
        await action.run();
      } while (wanted);
    },
  };
}
