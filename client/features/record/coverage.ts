import { effect, type ReadonlySignal, signal } from '@preact/signals';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { unpackPaths } from '../../../server/protocol/dataset-views.ts';
import type { DatasetSummary } from '../../../server/protocol/index.ts';
import type { Connection } from '../../shared/link/connection.ts';
import type { Place } from '../../shared/tasks/placing.ts';

/** A start from which something was shown. */
export interface CoveredStart {
  /** Where each object lay, in the task's order, m. */
  readonly places: readonly Place[];
  /** Modes in which it was done from there, each once. */
  readonly modes: readonly string[];
}

/** Starts that differ by less are one, m: they travel as tenths of millimetres. */
const SAME = 0.0005;

/** With another demonstration; `mode` null where it did not succeed. */
export function withShown(
  covered: readonly CoveredStart[],
  places: readonly Place[],
  mode: string | null,
): readonly CoveredStart[] {
  const modes = mode === null ? [] : [mode];
  const at = covered.findIndex((each) => distanceOf(each.places, places) < SAME);
  if (at < 0) return [...covered, { places, modes }];
  const known = covered[at];
  return covered.with(at, { places, modes: [...new Set([...known.modes, ...modes])] });
}

/** Which of some starts lies farthest from all that are covered; the first of those that do. */
export function thinnest(
  candidates: readonly (readonly Place[])[],
  covered: readonly CoveredStart[],
): number {
  const room = candidates.map((places) =>
    Math.min(...covered.map((each) => distanceOf(each.places, places))),
  );
  return Math.max(0, room.indexOf(Math.max(...room)));
}

/** How far the objects of two starts lie apart: of those, the farthest, m. */
function distanceOf(a: readonly Place[], b: readonly Place[]): number {
  return Math.max(...a.map(([x, y], i) => Math.hypot(x - (b[i]?.[0] ?? x), y - (b[i]?.[1] ?? y))));
}

/** Which starts the dataset has that recordings go to. */
export interface Coverage {
  readonly starts: ReadonlySignal<readonly CoveredStart[]>;
  /** A dataset has been read. */
  readonly known: ReadonlySignal<boolean>;
  /** Reads the dataset as it changes. @returns stops it */
  watch(): () => void;
  /** One that is on its way to the server. */
  add(places: readonly Place[], mode: string | null): void;
}

export function createCoverage(
  connection: Connection,
  dataset: ReadonlySignal<string>,
  datasets: ReadonlySignal<readonly DatasetSummary[] | null>,
): Coverage {
  const starts = signal<readonly CoveredStart[]>([]);
  const known = signal(false);
  let shown: string | null = null;

  async function read(name: string, hash: string): Promise<void> {
    const [overview, episodes] = await Promise.all([
      connection.request('demos:overview', { name }),
      connection.request('demos:episodes', { name }),
    ]);
    if (shown !== hash) return;
    const { drawn, objects } = overview;
    const byIndex = new Map(episodes.map((episode) => [episode.index, episode]));
    starts.value = unpackPaths(overview.paths, drawn.length, objects).reduce<
      readonly CoveredStart[]
    >((covered, path, i) => {
      const episode = byIndex.get(drawn[i]);
      const places = Array.from({ length: objects }, (_, object): Place => {
        return [path.starts[2 * object], path.starts[2 * object + 1]];
      });
      return withShown(covered, places, episode?.success ? episode.mode : null);
    }, []);
    known.value = true;
  }

  return {
    starts,
    known,
    watch: () =>
      effect(() => {
        const found = datasets.value?.find(({ name }) => name === dataset.value);
        if (shown === (found?.hash ?? dataset.value)) return;
        shown = found?.hash ?? dataset.value;
        if (!found) starts.value = [];
        // What cannot be read is said where demonstrations are looked at; here there is no map of it.
        else read(found.name, found.hash).catch(() => undefined);
      }),
    add(places, mode) {
      starts.value = withShown(starts.value, places, mode);
    },
  };
}
