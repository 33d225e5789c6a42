import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { unpackPaths } from '../../../server/protocol/dataset-views.ts';
import type {
  DatasetSummary,
  DrawnPath,
  Duplicate,
  EpisodeSummary,
  Outlier,
} from '../../../server/protocol/index.ts';
import { type Action, createAction } from '../../shared/link/action.ts';
import type { Connection } from '../../shared/link/connection.ts';
import type { Datasets } from './datasets.ts';
import { type EpisodeFilter, EVERYTHING, passes } from './filter.ts';
import { EpisodePlayback } from './playback.ts';

/** All paths of a dataset. */
export interface Overview {
  readonly name: string;
  readonly hash: string;
  /** By the number of its episode; of a large dataset not all have one. */
  readonly paths: ReadonlyMap<number, DrawnPath>;
  readonly duplicates: readonly Duplicate[];
  readonly outliers: readonly Outlier[];
}

/** The demonstrations that are looked at: those of the dataset that is opened. */
export interface Viewer {
  readonly dataset: ReadonlySignal<DatasetSummary | null>;
  /** Null until it has come. */
  readonly overview: ReadonlySignal<Overview | null>;
  readonly load: Action<[name: string]>;
  readonly filter: Signal<EpisodeFilter>;
  /** Episodes that pass the filter. */
  readonly listed: ReadonlySignal<readonly EpisodeSummary[]>;
  /** Episodes that repeat another one or are unlike the others. */
  readonly odd: ReadonlySignal<ReadonlySet<number>>;
  /** What can be done to them is unfolded. */
  readonly mending: Signal<boolean>;
  /** The episode under the pointer. */
  readonly hovered: Signal<number | null>;
  /** The episode that was chosen, and its frames once they have come. */
  readonly selected: ReadonlySignal<number | null>;
  readonly playback: ReadonlySignal<EpisodePlayback | null>;
  /** Plays an episode on the stage, once it has been fetched. */
  select(episode: number): void;
  readonly fetch: Action<[]>;
  /** Chooses the next of those listed, or with −1 the one before. */
  step(by: 1 | -1): void;
  /** The stage shows the demonstrations in the place of the policies. */
  readonly onStage: ReadonlySignal<boolean>;
  show(): void;
  /** Back to the policies. */
  leave(): void;
}

export interface ViewerParts {
  readonly connection: Connection;
  readonly datasets: Datasets;
  /** The panel of demonstrations is open, or none is. */
  readonly open: ReadonlySignal<boolean>;
  /** Of the stage. */
  readonly task: ReadonlySignal<string>;
}

const NOTHING: ReadonlySet<number> = new Set();

export function createViewer({ connection, datasets, open, task }: ViewerParts): Viewer {
  const overview = signal<Overview | null>(null);
  const filter = signal(EVERYTHING);
  const mending = signal(false);
  const hovered = signal<number | null>(null);
  const selected = signal<number | null>(null);
  const playback = signal<EpisodePlayback | null>(null);
  const wanted = signal(false);
  const dataset = computed(() => {
    const name = datasets.opened.value?.name;
    return datasets.all.value?.find((each) => each.name === name) ?? null;
  });
  const odd = computed(() => {
    const found = overview.value;
    if (!found) return NOTHING;
    return new Set([...found.duplicates, ...found.outliers].map(({ episode }) => episode));
  });
  const listed = computed(() => {
    const narrowed = filter.value;
    const strange = odd.value;
    const episodes = datasets.opened.value?.episodes ?? [];
    return episodes.filter((episode) => passes(narrowed, episode, strange));
  });
  const onStage = computed(() => open.value && wanted.value && dataset.value?.task === task.value);

  function forget(): void {
    batch(() => {
      overview.value = null;
      hovered.value = null;
      selected.value = null;
      playback.value = null;
      fetch.clear();
    });
  }

  const load = createAction(async (name: string) => {
    const found = await connection.request('demos:overview', { name });
    // Another has been opened meanwhile.
    if (dataset.peek()?.name !== name) return;
    const paths = unpackPaths(found.paths, found.drawn.length, found.objects);
    overview.value = {
      name,
      hash: found.hash,
      paths: new Map(found.drawn.map((episode, i) => [episode, paths[i]])),
      duplicates: found.duplicates,
      outliers: found.outliers,
    };
  });

  /** Until what is chosen by then has come. */
  const fetch = createAction(async () => {
    for (;;) {
      const of = dataset.peek();
      const episode = selected.peek();
      if (!of || episode === null || playback.peek()) return;
      const { name, hash } = of;
      const isStill = () => selected.peek() === episode && dataset.peek()?.hash === hash;
      try {
        const view = await connection.request('demos:episode', { name, episode, hash });
        if (isStill()) playback.value = new EpisodePlayback(view);
      } catch (error) {
        if (isStill()) throw error;
      }
    }
  });

  function select(episode: number): void {
    batch(() => {
      selected.value = episode;
      playback.value = null;
      wanted.value = true;
    });
    void fetch.run();
  }

  /** The content that was asked for last: what cannot be read is not asked for again by itself. */
  let askedFor: string | null = null;
  let shown: string | null = null;
  let hash: string | null = null;
  effect(() => {
    const now = dataset.value;
    if (now?.name !== shown) {
      batch(() => {
        filter.value = EVERYTHING;
        wanted.value = false;
        load.clear();
      });
      askedFor = null;
    }
    if (now?.hash !== hash) forget();
    shown = now?.name ?? null;
    hash = now?.hash ?? null;
  });
  effect(() => {
    const now = dataset.value;
    if (!now || !open.value || load.busy.value || now.hash === askedFor) return;
    askedFor = now.hash;
    if (overview.peek()?.hash !== now.hash) void load.run(now.name);
  });

  return {
    dataset,
    overview,
    load,
    filter,
    listed,
    odd,
    mending,
    hovered,
    selected,
    playback,
    select,
    fetch,
    step(by) {
      const all = listed.peek();
      if (all.length === 0) return;
      const at = all.findIndex(({ index }) => index === selected.peek());
      const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length;
      select(all[next].index);
    },
    onStage,
    show() {
      wanted.value = true;
    },
    leave() {
      wanted.value = false;
    },
  };
}
