import { type ReadonlySignal, signal } from '@preact/signals';
import type {
  DatasetSummary,
  EpisodeSummary,
  Job,
  RequestInput,
} from '../../server/protocol/index.ts';
import { type Action, createAction } from './action.ts';
import type { Connection } from './connection.ts';

/** A dataset in the trash, and what takes it out again. */
export interface Trashed {
  readonly name: string;
  readonly id: string;
}

export interface Datasets {
  /** Null until the server has told. */
  readonly all: ReadonlySignal<readonly DatasetSummary[] | null>;
  /** The dataset whose episodes are listed, and the list once it has come. */
  readonly opened: ReadonlySignal<{
    readonly name: string;
    readonly episodes: readonly EpisodeSummary[] | null;
  } | null>;
  /** Moved to the trash since the page was opened, last first. */
  readonly trashed: ReadonlySignal<readonly Trashed[]>;
  readonly open: Action<[name: string]>;
  readonly trash: Action<[name: string]>;
  readonly restore: Action<[id: string]>;
  /** @throws RequestError */
  generate(request: RequestInput<'demos:generate'>): Promise<Job>;
  close(): void;
  replace(datasets: readonly DatasetSummary[]): void;
}

export function createDatasets(connection: Connection): Datasets {
  const all = signal<readonly DatasetSummary[] | null>(null);
  const opened = signal<Datasets['opened']['value']>(null);
  const trashed = signal<readonly Trashed[]>([]);

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
    all,
    opened,
    trashed,
    open,
    trash: createAction(async (name: string) => {
      const { id } = await connection.request('demos:trash', { name });
      trashed.value = [{ name, id }, ...trashed.value];
      if (opened.value?.name === name) opened.value = null;
    }),
    restore: createAction(async (id: string) => {
      await connection.request('demos:restore', { id });
      trashed.value = trashed.value.filter((each) => each.id !== id);
    }),
    generate: (request) => connection.request('demos:generate', request),
    close() {
      opened.value = null;
    },
    replace(datasets) {
      all.value = datasets;
    },
  };
}

/** A name that is not taken: the wanted one, or with a number behind it. */
export function freeName(wanted: string, taken: readonly { readonly name: string }[]): string {
  const names = new Set(taken.map(({ name }) => name));
  if (!names.has(wanted)) return wanted;
  for (let n = 2; ; n++) if (!names.has(`${wanted}-${n}`)) return `${wanted}-${n}`;
}
