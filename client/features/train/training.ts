import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { DatasetSummary, PolicySource, RequestInput } from '../../../server/protocol/index.ts';
import { findMethod, METHOD_NAMES, type MethodName } from '../../../server/protocol/policies.ts';
import type { Offers } from '../../shared/lanes/offers.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import type { Jobs } from '../../shared/link/jobs.ts';
import { canBeTold, type StageTask } from '../../shared/tasks/stage-tasks.ts';
import { type Datasets, freeName } from '../demos/datasets.ts';
import type { Runs } from './runs.ts';

/** Demonstrations made where there are none yet: enough for the quick preset. */
export const FIRST_EPISODES = 100;
export const FIRST_DATASET = 'left-right';

/**
 * A policy that reads: what it takes until it does what it is told (README.md has the figures), in
 * the page and on the command line.
 */
export const READER = { task: 'left-right-colour', episodes: 1920, steps: 32_000 } as const;
export const READER_COMMANDS = [
  `npm run -s fp -- demos generate --task ${READER.task} --episodes ${READER.episodes} --out colours`,
  `npm run -s fp -- train --policy flow --dataset colours --steps ${READER.steps}`,
] as const;

export type TrainRequest = RequestInput<'train:start'>;
export type PresetName = NonNullable<TrainRequest['preset']>;
/** Trained together: they differ in the objective alone. */
const TOGETHER = ['l2', 'diffusion', 'flow'] as const satisfies readonly MethodName[];
export const PRESETS = ['quick', 'standard'] as const satisfies readonly PresetName[];

/** The preset of the policies that ship without a camera. */
const SHIPPED_PRESET: PresetName = 'quick';

/** What is filled in before a training starts. */
export interface TrainForm {
  /** One policy, or all three one after the other. */
  readonly policy: Signal<MethodName | 'all'>;
  readonly preset: Signal<PresetName>;
  /** The one made last from here; the first there is where that is null or gone. */
  readonly dataset: Signal<string | null>;
  /** Null for the preset's. */
  readonly steps: Signal<number | null>;
  readonly seed: Signal<number>;
  /** Whether to begin with the weights that ship, where there are such, and not with random ones. */
  readonly goOn: Signal<boolean>;
}

export interface Training {
  readonly form: TrainForm;
  /** The task on the stage: what is offered is of it. */
  readonly task: ReadonlySignal<StageTask>;
  /** Datasets of the task that can be trained on. */
  readonly offered: () => readonly DatasetSummary[];
  /** Policies that can learn the task. */
  readonly policies: () => readonly MethodName[];
  /** What would be trained: one policy, or all three. */
  readonly policy: () => MethodName | 'all';
  /** Demonstrations made first where there are none of the task. */
  readonly firstEpisodes: () => number;
  /** Whether a shipped checkpoint exists to start each of the chosen policies from. */
  readonly canGoOn: () => boolean;
  /** The dataset that would be trained on; null where there is none. */
  readonly dataset: () => string | null;
  /** Demonstrations are being made for a training that follows. */
  readonly preparing: ReadonlySignal<boolean>;
  /** Trains what the form says; makes demonstrations first where there are none. */
  readonly start: Action<[]>;
  /** Trains a policy that reads, on demonstrations of its task; makes them where there are none. */
  readonly startReader: Action<[]>;
  /** Fills in the form for the three policies on a dataset; `start` is for the person to press. */
  preselect(dataset: string): void;
}

export interface TrainingOptions {
  readonly task: ReadonlySignal<StageTask>;
  readonly datasets: Datasets;
  readonly jobs: Jobs;
  readonly runs: Runs;
  readonly offers: Offers;
}

export function createTraining(options: TrainingOptions): Training {
  const { task, datasets, jobs, runs, offers } = options;
  const form: TrainForm = {
    policy: signal<MethodName | 'all'>('all'),
    preset: signal<PresetName>('quick'),
    dataset: signal<string | null>(null),
    steps: signal<number | null>(null),
    seed: signal(0),
    goOn: signal(false),
  };
  const preparing = signal(false);

  function offered(): readonly DatasetSummary[] {
    return (datasets.all.value ?? []).filter(
      (each) => each.task === task.value && each.episodes > 0,
    );
  }

  function learners(): readonly MethodName[] {
    const reads = canBeTold(task.value);
    return METHOD_NAMES.filter((name) => !reads || !('unable' in findMethod(name).reading));
  }

  function policy(): MethodName | 'all' {
    const wanted = form.policy.value;
    return wanted === 'all' || learners().includes(wanted) ? wanted : 'all';
  }

  function dataset(): string | null {
    const known = offered();
    const wanted = known.find(({ name }) => name === form.dataset.value);
    return (wanted ?? known[0])?.name ?? null;
  }

  function firstEpisodes(): number {
    return canBeTold(task.value) ? READER.episodes : FIRST_EPISODES;
  }

  async function generated(request: {
    readonly task: StageTask;
    readonly episodes: number;
  }): Promise<string> {
    preparing.value = true;
    try {
      const out = freeName(request.task, datasets.all.value ?? []);
      const job = await datasets.generate({ ...request, out });
      await jobs.ended(job.id);
      form.dataset.value = out;
      return out;
    } finally {
      preparing.value = false;
    }
  }

  function policies(): readonly MethodName[] {
    const wanted = policy();
    return wanted === 'all' ? TOGETHER : [wanted];
  }

  /**
   * What ships of the policy that would be trained, with the same network: the server has the last
   * word. A reflow begins with its teacher's weights in any case.
   */
  function shippedFor(policy: MethodName, datasetName: string | null): PolicySource | null {
    const known = datasets.all.value?.find(({ name }) => name === datasetName);
    if (findMethod(policy).teacher || form.preset.value !== SHIPPED_PRESET || !known) return null;
    const offer = offers.all.value.find(
      ({ run, name, spec }) =>
        run === null && name === policy && spec.task === known.task && !spec.condition?.image,
    );
    return offer?.source ?? null;
  }

  function canGoOn(name: string | null): boolean {
    return policies().every((each) => shippedFor(each, name) !== null);
  }

  async function train(name: string): Promise<void> {
    const { preset, steps, seed, goOn } = form;
    const going = goOn.value && canGoOn(name);
    for (const each of policies()) {
      const from = going ? shippedFor(each, name) : null;
      await runs.start({
        ...{ policy: each, preset: preset.value, dataset: name, seed: seed.value },
        ...(steps.value === null ? {} : { steps: steps.value }),
        ...(from && { from }),
      });
    }
  }

  return {
    form,
    task,
    offered,
    policies: learners,
    policy,
    firstEpisodes,
    canGoOn: () => canGoOn(dataset()),
    dataset,
    preparing,
    start: createAction(async () =>
      train(dataset() ?? (await generated({ task: task.value, episodes: firstEpisodes() }))),
    ),
    startReader: createAction(async () => {
      const { episodes, steps } = READER;
      const known = (datasets.all.value ?? []).find(
        (each) => each.task === READER.task && each.episodes >= episodes,
      );
      const name = known?.name ?? (await generated({ task: READER.task, episodes }));
      await runs.start({ policy: 'flow', preset: 'quick', dataset: name, steps, seed: 0 });
    }),
    preselect(name) {
      form.dataset.value = name;
      form.policy.value = 'all';
    },
  };
}
