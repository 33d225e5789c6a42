import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type {
  DatasetSummary,
  EpisodeSummary,
  Job,
  OfferedSet,
  RequestInput,
} from '../../../server/protocol/index.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import type { Connection } from '../../shared/link/connection.ts';

/** What was done to a dataset; `id` is what takes the version before out of the trash. */
export type Undoable =
  | { readonly kind: 'trashed'; readonly id: string; readonly name: string }
  | {
      readonly kind: 'episode removed';
      readonly id: string;
      readonly name: string;
      readonly episode: number;
    };

export interface Datasets {
  /** What policies that ship have learnt from, made or not. */
  readonly sets: ReadonlySignal<readonly OfferedSet[]>;
  /** Null until the server has told. */
  readonly all: ReadonlySignal<readonly DatasetSummary[] | null>;
  /** The dataset whose episodes are listed, and the list once it has come. */
  readonly opened: ReadonlySignal<{
    readonly name: string;
    readonly episodes: readonly EpisodeSummary[] | null;
  } | null>;
  /** What can be undone of what was done on this page, last first. */
  readonly undoable: ReadonlySignal<readonly Undoable[]>;
  readonly open: Action<[name: string]>;
  readonly trash: Action<[name: string]>;
  /** Takes one episode out of a dataset. */
  readonly removeEpisode: Action<[dataset: DatasetSummary, episode: number]>;
  /** Puts the version before back; one that has taken its place goes to the trash. */
  readonly undo: Action<[id: string]>;
  /** @throws RequestError */
  generate(request: RequestInput<'demos:generate'>): Promise<Job>;
  /** Makes what policies that ship have learnt from. */
  readonly makeSet: Action<[set: OfferedSet]>;
  /** Which of them is made, and by which job; null where this page asked for none. */
  readonly making: ReadonlySignal<{ readonly hash: string; readonly job: string } | null>;
  close(): void;
  replace(datasets: readonly DatasetSummary[], sets?: readonly OfferedSet[]): void;
}

export function createDatasets(connection: Connection): Datasets {
  const all = signal<readonly DatasetSummary[] | null>(null);
  const sets = signal<readonly OfferedSet[]>([]);
  const making = signal<Datasets['making']['value']>(null);
  const opened = signal<Datasets['opened']['value']>(null);
  const undoable = signal<readonly Undoable[]>([]);

  async function list(name: string): Promise<void> {
    const episodes = await connection.request('demos:episodes', { name });
    if (opened.value?.name === name) opened.value = { name, episodes };
  }

  const open = createAction(async (name: string) => {
    opened.value = { name, episodes: null };
    await list(name);
  });

  connection.socket.on('datasets', (datasets) => {
    const name = opened.value?.name;
    const before = all.value?.find((dataset) => dataset.name === name)?.hash;
    all.value = datasets;
    const now = datasets.find((dataset) => dataset.name === name);
    if (!name) return;
    if (!now) opened.value = null;
    else if (now.hash !== before) void open.run(name);
  });

  return {
    sets,
    all,
    opened,
    undoable,
    open,
    trash: createAction(async (name: string) => {
      const { id } = await connection.request('demos:trash', { name });
      undoable.value = [{ kind: 'trashed', id, name }, ...undoable.value];
      if (opened.value?.name === name) opened.value = null;
    }),
    removeEpisode: createAction(async ({ name, hash }: DatasetSummary, episode: number) => {
      const { id } = await connection.request('demos:remove-episode', { name, episode, hash });
      undoable.value = [{ kind: 'episode removed', id, name, episode }, ...undoable.value];
    }),
    undo: createAction(async (id: string) => {
      const entry = undoable.value.find((each) => each.id === id);
      if (!entry) return;
      const { kind, name } = entry;
      const inPlace = all.value?.some((each) => each.name === name) ?? false;
      if (kind === 'episode removed' && inPlace) await connection.request('demos:trash', { name });
      await connection.request('demos:restore', { id });
      undoable.value = undoable.value.filter((each) => each.id !== id);
    }),
    generate: (request) => connection.request('demos:generate', request),
    makeSet: createAction(async ({ hash }: OfferedSet) => {
      const { id } = await connection.request('demos:make-set', { hash });
      making.value = { hash, job: id };
    }),
    making,
    close() {
      opened.value = null;
    },
    replace(datasets, offered = []) {
      batch(() => {
        all.value = datasets;
        sets.value = offered;
      });
    },
  };
}

/** Sets of at most so many demonstrations are made unasked: half a minute of one core. */
const MADE_UNASKED = 300;

/**
 * The set that a page makes unasked when the demonstrations of a task are looked at for the first
 * time: where there are none yet, none were discarded, and it is quick.
 */
export function setToMake(
  task: string,
  sets: readonly OfferedSet[],
  all: readonly Pick<DatasetSummary, 'task'>[] | null,
): OfferedSet | null {
  if (!all || all.some((each) => each.task === task)) return null;
  const here = sets.filter((each) => each.task === task);
  if (here.some(({ thrownAway }) => thrownAway)) return null;
  return here.find(({ episodes }) => episodes <= MADE_UNASKED) ?? null;
}

/** A name that is not taken: the wanted one, or with a number behind it. */
export function freeName(wanted: string, taken: readonly { readonly name: string }[]): string {
  const names = new Set(taken.map(({ name }) => name));
  if (!names.has(wanted)) return wanted;
  for (let n = 2; ; n++) if (!names.has(`${wanted}-${n}`)) return `${wanted}-${n}`;
}
