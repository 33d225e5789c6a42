import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from '@preact/signals';
import type {
  DemonstratedActions,
  NoiseLevels,
  PolicySource,
  Run,
} from '../../../server/protocol/index.ts';
import { answersOnce } from '../../../server/protocol/policies.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { runOf } from '../../../server/protocol/sources.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import type { Connection, ConnectionStatus } from '../../shared/link/connection.ts';
import { createJobs, type Jobs } from '../../shared/link/jobs.ts';
import { createDatasets, type Datasets, freeName } from '../demos/datasets.ts';
import { FIRST_DATASET } from '../train/training.ts';

/** Demonstrations made where there are none: enough to look at, in a few seconds. */
export const LESSON_EPISODES = 20;
/** Results that stay on the page, newest first. */
const KEPT = 3;

/** Policies that ship and learn from noise. */
export const NOISED_POLICIES = ['diffusion', 'flow', 'reflow'] as const;

/** What the lesson knows of the server's demonstrations and policies. */
export interface LabState {
  readonly status: ReadonlySignal<ConnectionStatus>;
  /** There is a server, which has demonstrations or makes some. */
  readonly serves: boolean;
  readonly datasets: Datasets;
  readonly jobs: Jobs;
  /** The dataset that is looked at: the one chosen, or the first; null without any. */
  readonly dataset: ReadonlySignal<string | null>;
  readonly chosenDataset: Signal<string | null>;
  readonly episode: Signal<number>;
  /** The actions of that episode, as last read. */
  readonly actions: ReadonlySignal<DemonstratedActions | null>;
  readonly read: Action<[]>;
  /** Makes a few demonstrations where there are none. */
  readonly demonstrate: Action<[]>;
  /** Runs whose policies learn from noise and have a checkpoint, newest first. */
  readonly runs: ReadonlySignal<readonly Run[]>;
  readonly policy: Signal<PolicySource>;
  /** Newest first. */
  readonly levels: ReadonlySignal<readonly NoiseLevels[]>;
  readonly measure: Action<[]>;
  readonly hello: Action<[]>;
}

export function createLabState(connection: Connection): LabState {
  const datasets = createDatasets(connection);
  const jobs = createJobs(connection);
  const known = computed(() => (datasets.all.value ?? []).filter(({ episodes }) => episodes > 0));
  const chosenDataset = signal<string | null>(null);
  const dataset = computed(() => {
    const wanted = known.value.find(({ name }) => name === chosenDataset.value);
    return (wanted ?? known.value[0])?.name ?? null;
  });
  const episode = signal(0);
  const actions = signal<DemonstratedActions | null>(null);
  const all = signal<readonly Run[]>([]);
  const policy = signal<PolicySource>({ kind: 'shipped', name: 'diffusion' });
  const levels = signal<readonly NoiseLevels[]>([]);

  connection.socket.on('run', (run) => {
    const at = all.value.findIndex(({ id }) => id === run.id);
    all.value = at < 0 ? [run, ...all.value] : all.value.with(at, run);
  });

  const read: Action<[]> = createAction(async () => {
    const name = dataset.peek();
    const wanted = episode.peek();
    if (name === null) return;
    actions.value = await connection.request('lesson:actions', { dataset: name, episode: wanted });
  });
  effect(() => {
    dataset.value;
    episode.value;
    // Another choice deserves another try.
    read.clear();
  });
  // What was chosen while an earlier answer was on its way is asked for once it is there.
  effect(() => {
    const wanted = { dataset: dataset.value, episode: episode.value };
    const { busy, error } = read;
    if (wanted.dataset === null || busy.value || connection.status.value !== 'online') return;
    untracked(() => {
      const had = actions.value;
      const isThere = had?.dataset === wanted.dataset && had.episode === wanted.episode;
      if (!isThere && error.value === null) void read.run();
    });
  });

  const lab: LabState = {
    status: connection.status,
    serves: connection.offers('demos:generate'),
    datasets,
    jobs,
    dataset,
    chosenDataset,
    episode,
    actions,
    read,
    demonstrate: createAction(async () => {
      const out = freeName(FIRST_DATASET, datasets.all.value ?? []);
      const job = await datasets.generate({ episodes: LESSON_EPISODES, out });
      await jobs.ended(job.id);
      chosenDataset.value = out;
    }),
    runs: computed(() =>
      all.value.filter(({ spec, step }) => !answersOnce(spec.objective) && step > 0),
    ),
    policy,
    levels,
    measure: createAction(async () => {
      const source = policy.value;
      const name = dataset.value;
      const measured = await connection.request('lesson:noise-levels', {
        policy: source,
        ...(runOf(source) === null && name !== null && { dataset: name }),
      });
      levels.value = [measured, ...levels.value].slice(0, KEPT);
    }),
    hello: createAction(async () => {
      const hello = await connection.request('hello', {});
      datasets.replace(hello.datasets);
      jobs.replace(hello.jobs);
      all.value = hello.runs;
    }),
  };
  effect(() => {
    if (connection.status.value === 'online') untracked(() => void lab.hello.run());
  });
  return lab;
}
