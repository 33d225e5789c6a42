import {
  type InspectedDataset,
  summarizeDataset,
  summarizeEpisodes,
} from '../datasets/datasets.ts';
import type { EditRequest, MergeRequest, SplitRequest } from '../protocol/dataset-edits.ts';
import type { DatasetSummary, EpisodeSummary } from '../protocol/datasets.ts';
import { type ErrorReport, ProtocolError } from '../protocol/errors.ts';
import type { DamagedEntry } from '../protocol/events.ts';
import type { Workspace } from '../storage/workspace.ts';
import { startWork } from './process.ts';
import { Turns } from './turns.ts';

/** What is known of a dataset, and of which content. */
interface Known {
  readonly hash: string;
  /** Null where it cannot be opened. */
  readonly summary: DatasetSummary | null;
  /** Why it cannot be. */
  readonly error: ErrorReport | null;
  /** Null where nobody has looked since it changed. */
  readonly episodes: readonly EpisodeSummary[] | null;
}

export interface CatalogSurvey {
  readonly datasets: readonly DatasetSummary[];
  readonly damaged: readonly DamagedEntry[];
}

/**
 * The datasets as pages see them. Opening one takes a millisecond an episode, in which nothing else
 * is served: child processes do that, and only for datasets that have changed.
 */
export class DatasetCatalog {
  readonly #workspace: Workspace;
  readonly #onChange: (datasets: readonly DatasetSummary[]) => void;
  readonly #known = new Map<string, Known>();
  /** Who asks at the same time waits for one look. */
  readonly #turns = new Turns();

  constructor(workspace: Workspace, onChange: (datasets: readonly DatasetSummary[]) => void) {
    this.#workspace = workspace;
    this.#onChange = onChange;
  }

  /** All that can be opened, by name. */
  async list(): Promise<readonly DatasetSummary[]> {
    return (await this.survey()).datasets;
  }

  /** All that can be opened, and all that cannot, by name. */
  survey(): Promise<CatalogSurvey> {
    return this.#turns.take(async () => {
      const { hashes, damaged } = await this.#workspace.datasets.survey();
      for (const name of this.#known.keys()) if (!hashes.has(name)) this.#known.delete(name);
      const changed = [...hashes.keys()].filter(
        (name) => this.#known.get(name)?.hash !== hashes.get(name),
      );
      if (changed.length > 0) await this.#inspect(changed, hashes);
      const known = [...hashes.keys()].flatMap((name) => {
        const found = this.#known.get(name);
        return found ? [{ name, ...found }] : [];
      });
      const unopened = known.flatMap(({ name, error }) => (error ? [{ name, ...error }] : []));
      const unread = [...damaged].map(([name, { message, code }]) => ({ name, message, code }));
      return {
        datasets: known.flatMap(({ summary }) => summary ?? []),
        damaged: [...unread, ...unopened]
          // Removed since its name was read.
          .filter(({ code }) => code !== 'not-found')
          .map(({ name, message }) => ({ kind: 'dataset', name, message })),
      };
    });
  }

  /** @throws DatasetError 'invalid-name', 'not-found'; ProtocolError for what a child process found */
  episodes(name: string): Promise<readonly EpisodeSummary[]> {
    return this.#turns.take(async () => {
      const hashes = await this.#workspace.datasets.hashes();
      const hash = hashes.get(name);
      if (hash === undefined) {
        // There is nothing that could be read for long: this says what is wrong.
        return summarizeEpisodes(await this.#workspace.datasets.open(name));
      }
      const known = this.#known.get(name);
      if (known?.episodes && known.hash === hash) return known.episodes;
      const [found] = await this.#inspect([name], hashes);
      if ('code' in found) throw new ProtocolError(found.code, found.message);
      return found.episodes;
    });
  }

  /**
   * Moves a dataset to the trash.
   *
   * @returns what `restore` takes
   */
  async trash(name: string): Promise<string> {
    const id = await this.#workspace.datasets.trash(name);
    await this.announce();
    return id;
  }

  async restore(id: string): Promise<DatasetSummary> {
    const { info } = await this.#workspace.datasets.restore(id);
    const summary = summarizeDataset(info);
    await this.announce(summary);
    return summary;
  }

  /**
   * Changes a dataset, in a child process.
   *
   * @returns what `restore` takes to get the version before, once this one is in the trash
   * @throws ProtocolError 'conflict' where the dataset has changed since; what `editDataset` throws
   */
  async edit(request: EditRequest): Promise<string> {
    const { place } = this.#workspace;
    const { dataset, id } = await startWork('edit', { place, request }).result;
    await this.announce(dataset);
    return id;
  }

  /** @throws what `splitDataset` throws */
  async split(request: SplitRequest): Promise<readonly DatasetSummary[]> {
    const made = await startWork('split', { place: this.#workspace.place, request }).result;
    await this.announce();
    return made;
  }

  /** @throws what `mergeDatasets` throws */
  async merge(request: MergeRequest): Promise<DatasetSummary> {
    const made = await startWork('merge', { place: this.#workspace.place, request }).result;
    await this.announce(made);
    return made;
  }

  /**
   * Tells everybody what datasets there are.
   *
   * @param changed what is already known of the one that has changed
   */
  async announce(changed?: DatasetSummary): Promise<void> {
    if (changed) {
      this.#known.set(changed.name, {
        hash: changed.hash,
        summary: changed,
        error: null,
        episodes: null,
      });
    }
    this.#onChange(await this.list());
  }

  async #inspect(
    names: readonly string[],
    hashes: ReadonlyMap<string, string>,
  ): Promise<readonly (InspectedDataset | ErrorReport)[]> {
    const { place } = this.#workspace;
    const inspected = await startWork('inspect', { place, names }).result;
    for (const [i, found] of inspected.entries()) {
      const hash = hashes.get(names[i]) ?? '';
      const known =
        'code' in found
          ? { summary: null, error: found, episodes: null }
          : { ...found, error: null };
      this.#known.set(names[i], { ...known, hash: known.summary?.hash ?? hash });
    }
    return inspected;
  }
}
