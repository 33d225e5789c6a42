import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Metric, RequestInput, Run } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { findMethod } from '../../../server/protocol/policies.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import type { Connection } from '../../shared/link/connection.ts';

/** Curves drawn at once, at most. */
export const MAX_CURVES = 6;

/** A run in the trash, and what takes it out again. */
export interface TrashedRun {
  readonly id: string;
  readonly run: Run;
}

export interface Runs {
  /** Newest first. Null until the server has told. */
  readonly all: ReadonlySignal<readonly Run[] | null>;
  /** Loss curves by run, as far as they have been asked for. */
  readonly metrics: ReadonlySignal<ReadonlyMap<string, readonly Metric[]>>;
  /** Runs whose curves are drawn. */
  readonly shown: ReadonlySignal<readonly string[]>;
  /** Moved to the trash from this page, last first. */
  readonly trashed: ReadonlySignal<readonly TrashedRun[]>;
  readonly stop: Action<[id: string]>;
  readonly resume: Action<[id: string]>;
  /** Trains a policy like a run's on the demonstrations there are now, from its weights if it can. */
  readonly renew: Action<[run: Run]>;
  /** Gives a run a name for people; an empty one takes it away. */
  readonly rename: Action<[id: string, title: string]>;
  readonly trash: Action<[run: Run]>;
  readonly restore: Action<[id: string]>;
  /** Last error of showing a run on the stage, by run. */
  readonly stageErrors: Signal<ReadonlyMap<string, string>>;
  /** It is shown, or tried, again. */
  forgive(run: string): void;
  /** @throws RequestError */
  start(request: RequestInput<'train:start'>): Promise<Run>;
  toggle(id: string): void;
  replace(runs: readonly Run[]): void;
}

export function isTraining({ status }: Pick<Run, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** Whether a new run could begin with its weights: a reflow begins with its teacher's. */
export function canBeGoneOnFrom({ step, policy }: Pick<Run, 'step' | 'policy'>): boolean {
  return step > 0 && !findMethod(policy).teacher;
}

/** What trains the same on the demonstrations that there are now. */
export function renewal(run: Run): RequestInput<'train:start'> {
  const { id, policy, preset, dataset, training, spec, teacher } = run;
  const { objective } = spec;
  const time = objective.kind === 'flow' ? objective.time : undefined;
  return {
    policy,
    preset,
    dataset: dataset.name,
    steps: training.steps,
    seed: training.seed,
    ...(policy === 'flow' && time && (time === 'uniform' || time === 'beta')
      ? { flowTime: time }
      : {}),
    ...(objective.kind === 'diffusion' && { prediction: objective.prediction }),
    ...(teacher && { teacher: teacher.source }),
    ...(canBeGoneOnFrom(run) && { from: { kind: 'run' as const, id } }),
  };
}

export function createRuns(connection: Connection): Runs {
  const all = signal<readonly Run[] | null>(null);
  const metrics = signal<ReadonlyMap<string, readonly Metric[]>>(new Map());
  const stageErrors = signal<ReadonlyMap<string, string>>(new Map());
  const trashed = signal<readonly TrashedRun[]>([]);
  /** What a person chose; other runs are shown while they are young. */
  const chosen = signal<ReadonlyMap<string, boolean>>(new Map());
  const shown = computed(() => {
    const runs = all.value ?? [];
    const picked = runs.filter(({ id }) => chosen.value.get(id));
    // Without a choice: the newest of each policy, which is what a comparison will use.
    const fresh = runs.filter(
      (run, i) => !chosen.value.has(run.id) && runs.findIndex((each) => isLike(each, run)) === i,
    );
    return [...picked, ...fresh].slice(0, MAX_CURVES).map(({ id }) => id);
  });

  function forgive(run: string): void {
    stageErrors.value = new Map([...stageErrors.value].filter(([id]) => id !== run));
  }

  function take(run: Run): void {
    const runs = all.value ?? [];
    const at = runs.findIndex(({ id }) => id === run.id);
    if (at < 0) {
      // One that comes back from the trash is not the newest.
      const older = runs.findIndex(({ createdAt }) => createdAt <= run.createdAt);
      all.value = runs.toSpliced(older < 0 ? runs.length : older, 0, run);
      trashed.value = trashed.value.filter((each) => each.run.id !== run.id);
      return;
    }
    all.value = runs.with(at, run);
    // What was in the way while it trained may be there now, as its first checkpoint is.
    if (isTraining(runs[at]) && !isTraining(run)) forgive(run.id);
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
  connection.socket.on('run:trashed', (id) => {
    all.value = (all.value ?? []).filter((run) => run.id !== id);
  });
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

  async function start(request: RequestInput<'train:start'>): Promise<Run> {
    const run = await connection.request('train:start', request);
    // News of it may have come before this answer, and be newer.
    if (!all.value?.some(({ id }) => id === run.id)) take(run);
    return run;
  }

  return {
    all,
    metrics,
    shown,
    trashed,
    stageErrors,
    forgive,
    stop: createAction((id) => connection.request('train:stop', { id })),
    resume: createAction(async (id) => take(await connection.request('train:resume', { id }))),
    renew: createAction((run: Run) => start(renewal(run))),
    rename: createAction(async (id: string, title: string) => {
      const said = title.trim();
      take(await connection.request('run:rename', { id, title: said === '' ? null : said }));
    }),
    trash: createAction(async (run: Run) => {
      const { id } = await connection.request('run:trash', { id: run.id });
      batch(() => {
        all.value = (all.value ?? []).filter((each) => each.id !== run.id);
        trashed.value = [{ id, run }, ...trashed.value];
      });
    }),
    restore: createAction(async (id: string) => {
      take(await connection.request('run:restore', { id }));
    }),
    start,
    toggle(id) {
      chosen.value = new Map(chosen.value).set(id, !shown.value.includes(id));
    },
    replace(runs) {
      asked.clear();
      all.value = runs;
    },
  };
}

/** Runs of one policy in one task: of such, the newest stands for all. */
function isLike(a: Run, b: Run): boolean {
  return a.policy === b.policy && a.spec.task === b.spec.task;
}
