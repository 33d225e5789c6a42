import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Metric, RequestInput, Run } from '../../server/protocol/index.ts';
import { type Action, createAction } from './action.ts';
import type { Connection } from './connection.ts';

/** Curves drawn at once, at most. */
export const MAX_CURVES = 6;

export interface Runs {
  /** Newest first. Null until the server has told. */
  readonly all: ReadonlySignal<readonly Run[] | null>;
  /** Loss curves by run, as far as they have been asked for. */
  readonly metrics: ReadonlySignal<ReadonlyMap<string, readonly Metric[]>>;
  /** Runs whose curves are drawn. */
  readonly shown: ReadonlySignal<readonly string[]>;
  readonly stop: Action<[id: string]>;
  readonly resume: Action<[id: string]>;
  /** Last error of showing a run on the stage, by run. */
  readonly stageErrors: Signal<ReadonlyMap<string, string>>;
  /** @throws RequestError */
  start(request: RequestInput<'train:start'>): Promise<Run>;
  toggle(id: string): void;
  replace(runs: readonly Run[]): void;
}

export function isTraining({ status }: Pick<Run, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

export function createRuns(connection: Connection): Runs {
  const all = signal<readonly Run[] | null>(null);
  const metrics = signal<ReadonlyMap<string, readonly Metric[]>>(new Map());
  /** What a person chose; other runs are shown while they are young. */
  const chosen = signal<ReadonlyMap<string, boolean>>(new Map());
  const shown = computed(() => {
    const runs = all.value ?? [];
    const picked = runs.filter(({ id }) => chosen.value.get(id));
    // Without a choice: the newest of each policy, which is what a comparison will use.
    const fresh = runs.filter(
      (run, i) =>
        !chosen.value.has(run.id) && runs.findIndex(({ policy }) => policy === run.policy) === i,
    );
    return [...picked, ...fresh].slice(0, MAX_CURVES).map(({ id }) => id);
  });

  function take(run: Run): void {
    const runs = all.value ?? [];
    const at = runs.findIndex(({ id }) => id === run.id);
    all.value = at < 0 ? [run, ...runs] : runs.with(at, run);
    if (at < 0) return;
    // The server throws away what was measured after the checkpoint that a run resumes from.
    if (run.status === 'queued') load(run.id);
  }

  function load(id: string): void {
    connection.request('run:metrics', { id }).then(
      (before) => {
        const last = before.at(-1)?.step ?? 0;
        const after = (metrics.value.get(id) ?? []).filter(({ step }) => step > last);
        const resumed = all.value?.find((run) => run.id === id)?.status === 'queued';
        metrics.value = new Map(metrics.value).set(id, resumed ? before : [...before, ...after]);
      },
      // A curve that does not come is missing; the run itself says what is wrong with it.
      () => undefined,
    );
  }

  connection.socket.on('run', take);
  connection.socket.on('metric', (id, metric) => {
    const before = (metrics.value.get(id) ?? []).filter(({ step }) => step < metric.step);
    batch(() => {
      metrics.value = new Map(metrics.value).set(id, [...before, metric]);
      const run = all.value?.find((each) => each.id === id);
      if (run) take({ ...run, status: 'running', loss: metric.loss });
    });
  });

  // Curves of the runs shown are asked for once.
  const asked = new Set<string>();
  shown.subscribe((ids) => {
    for (const id of ids) {
      if (asked.has(id) || connection.status.peek() !== 'online') continue;
      asked.add(id);
      load(id);
    }
  });

  return {
    all,
    metrics,
    shown,
    stageErrors: signal<ReadonlyMap<string, string>>(new Map()),
    stop: createAction((id) => connection.request('train:stop', { id })),
    resume: createAction(async (id) => take(await connection.request('train:resume', { id }))),
    async start(request) {
      const run = await connection.request('train:start', request);
      // News of it may have come before this answer, and be newer.
      if (!all.value?.some(({ id }) => id === run.id)) take(run);
      return run;
    },
    toggle(id) {
      chosen.value = new Map(chosen.value).set(id, !shown.value.includes(id));
    },
    replace(runs) {
      asked.clear();
      all.value = runs;
    },
  };
}
