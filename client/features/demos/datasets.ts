import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type {
  DatasetEdit,
  DatasetSummary,
  EpisodeSummary,
  ErrorReport,
  Imported,
  Job,
  OfferedSet,
  RequestInput,
} from '../../../server/protocol/index.ts';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import { type Connection, RequestError } from '../../shared/link/connection.ts';
import { t } from '../../texts.ts';

/** What was done on this page, and how it is undone. */
export type Undoable =
  | { readonly kind: 'trashed'; readonly id: string; readonly name: string }
  /** `id` takes the version before out of the trash. */
  | {
      readonly kind: 'edited';
      readonly id: string;
      readonly name: string;
      readonly edit: DatasetEdit;
      /** Episodes before and after. */
      readonly counts: readonly [before: number, after: number];
    }
  /** New datasets, which go to the trash. */
  | { readonly kind: 'made'; readonly id: string; readonly names: readonly string[] };

export type SplitBy = RequestInput<'demos:split'>['by'];

export interface Datasets {
  /** What policies that ship have learnt from, made or not. */
  readonly sets: ReadonlySignal<readonly OfferedSet[]>;
  /** Tasks that this page has seen demonstrations of, or has asked for some. */
  readonly familiar: ReadonlySignal<ReadonlySet<string>>;
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
  /** Puts a changed version in a dataset's place. */
  readonly edit: Action<[dataset: DatasetSummary, edit: DatasetEdit]>;
  /** Makes a dataset of each part of one. */
  readonly split: Action<[dataset: DatasetSummary, by: SplitBy]>;
  /** Makes one dataset of several. */
  readonly merge: Action<[names: readonly string[], out: string]>;
  /** Takes in an archive that was downloaded from here or there. */
  readonly bring: Action<[file: File]>;
  /** What the server said of the dataset that was brought last, in English. */
  readonly brought: ReadonlySignal<readonly string[]>;
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
  const familiar = signal<ReadonlySet<string>>(new Set());
  const making = signal<Datasets['making']['value']>(null);
  const opened = signal<Datasets['opened']['value']>(null);
  const undoable = signal<readonly Undoable[]>([]);
  const brought = signal<readonly string[]>([]);

  function take(datasets: readonly DatasetSummary[]): void {
    all.value = datasets;
    const tasks = datasets.map(({ task }) => task);
    familiar.value = new Set([...familiar.value, ...tasks]);
  }

  function remember(entry: Undoable): void {
    undoable.value = [entry, ...undoable.value];
  }

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
    take(datasets);
    const now = datasets.find((dataset) => dataset.name === name);
    if (!name) return;
    if (!now) opened.value = null;
    else if (now.hash !== before) void open.run(name);
  });

  return {
    sets,
    familiar,
    all,
    opened,
    undoable,
    open,
    trash: createAction(async (name: string) => {
      const { id } = await connection.request('demos:trash', { name });
      remember({ kind: 'trashed', id, name });
      if (opened.value?.name === name) opened.value = null;
    }),
    edit: createAction(async ({ name, hash, episodes }: DatasetSummary, edit: DatasetEdit) => {
      const { id } = await connection.request('demos:edit', { name, hash, edit });
      const after = all.value?.find((each) => each.name === name)?.episodes ?? episodes;
      remember({ kind: 'edited', id, name, edit, counts: [episodes, after] });
    }),
    split: createAction(async ({ name, hash }: DatasetSummary, by: SplitBy) => {
      const made = await connection.request('demos:split', { name, hash, by });
      const names = made.map((each) => each.name);
      remember({ kind: 'made', id: names.join(), names });
    }),
    merge: createAction(async (names: readonly string[], out: string) => {
      const made = await connection.request('demos:merge', { names: [...names], out });
      remember({ kind: 'made', id: made.name, names: [made.name] });
    }),
    brought,
    bring: createAction(async (file: File) => {
      brought.value = [];
      // The server would end the connection in the middle of it.
      if (file.size > LIMITS.importBytes) {
        throw new RequestError(
          'invalid-request',
          t.value.demos.tooLarge(LIMITS.importBytes / 2 ** 20),
        );
      }
      const name = freeName(nameOfFile(file.name), all.value ?? []);
      const response = await fetch(`datasets/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/zip' },
        body: file,
      });
      if (!response.ok) throw await refusalOf(response);
      const { notes }: Imported = await response.json();
      brought.value = notes;
      remember({ kind: 'made', id: name, names: [name] });
    }),
    undo: createAction(async (id: string) => {
      const entry = undoable.value.find((each) => each.id === id);
      if (!entry) return;
      const inPlace = (name: string) => all.value?.some((each) => each.name === name) ?? false;
      if (entry.kind === 'made') {
        for (const name of entry.names.filter(inPlace)) {
          await connection.request('demos:trash', { name });
        }
      } else {
        const { kind, name } = entry;
        const wasOpen = opened.value?.name === name;
        if (kind === 'edited' && inPlace(name)) await connection.request('demos:trash', { name });
        await connection.request('demos:restore', { id });
        // For a moment there was none, which has closed it.
        if (wasOpen) void open.run(name);
      }
      undoable.value = undoable.value.filter((each) => each.id !== id);
    }),
    generate: (request) => connection.request('demos:generate', request),
    makeSet: createAction(async ({ hash, task }: OfferedSet) => {
      familiar.value = new Set([...familiar.value, task]);
      const { id } = await connection.request('demos:make-set', { hash });
      making.value = { hash, job: id };
    }),
    making,
    close() {
      opened.value = null;
    },
    replace(datasets, offered = []) {
      batch(() => {
        take(datasets);
        sets.value = offered;
      });
    },
  };
}

/** A name for a dataset out of a file's: "left-right (2).zip" is "left-right-2". */
export function nameOfFile(file: string): string {
  const words = file
    .toLowerCase()
    .replace(/\.zip$/, '')
    .split(/[^a-z0-9_]+/)
    .filter(Boolean);
  return words.join('-').replace(/^_+/, '').slice(0, 48) || 'imported';
}

async function refusalOf(response: Response): Promise<RequestError> {
  const report: Partial<ErrorReport> = await response.json().catch(() => ({}));
  return new RequestError(report.code ?? 'failed', report.message ?? response.statusText);
}

/** Sets of at most so many demonstrations are made unasked: half a minute of one core. */
const MADE_UNASKED = 300;

/**
 * The set that a page makes unasked when the demonstrations of a task are looked at for the first
 * time: where there are none yet, nobody threw them away, and it takes no long time.
 *
 * @param familiar tasks of which this page has seen some: while a change is undone there are none
 */
export function setToMake(
  task: string,
  sets: readonly OfferedSet[],
  familiar: ReadonlySet<string>,
): OfferedSet | null {
  if (familiar.has(task)) return null;
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
