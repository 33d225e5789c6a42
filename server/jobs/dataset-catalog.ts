import { type InspectedDataset, summarizeDataset, summarizeEpisode } from '../lab/datasets.ts';
import type { EpisodeRemoval } from '../lab/remove-episode.ts';
import type { Workspace } from '../lab/workspace.ts';
import type { DatasetSummary, EpisodeSummary } from '../protocol/datasets.ts';
import { type ErrorReport, ProtocolError } from '../protocol/errors.ts';
import { startWork } from './process.ts';
import { Turns } from './turns.ts';

/** What is known of a dataset, and of which content. */
interface Known {
  readonly hash: string;
  /** Null where it cannot be opened. */
  readonly summary: DatasetSummary | null;
  /** Null where nobody has looked since it changed. */
  readonly episodes: readonly EpisodeSummary[] | null;
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
  list(): Promise<DatasetSummary[]> {
    return this.#turns.take(async () => {
      const hashes = await this.#workspace.datasets.hashes();
      for (const name of this.#known.keys()) if (!hashes.has(name)) this.#known.delete(name);
      const changed = [...hashes.keys()].filter(
        (name) => this.#known.get(name)?.hash !== hashes.get(name),
      );
      if (changed.length > 0) await this.#inspect(changed, hashes);
      return [...hashes.keys()].flatMap((name) => this.#known.get(name)?.summary ?? []);
    });
  }

  /** @throws DatasetError 'invalid-name', 'not-found'; ProtocolError for what a child process found */
  episodes(name: string): Promise<readonly EpisodeSummary[]> {
    return this.#turns.take(async () => {
      const hashes = await this.#workspace.datasets.hashes();
      const hash = hashes.get(name);
      if (hash === undefined) {
        // There is nothing that could be read for long: this says what is wrong.
        return (await this.#workspace.datasets.open(name)).episodes.map(summarizeEpisode);
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
   * Takes an episode out of a dataset, in a child process.
   *
   * @returns what `restore` takes to get the version before, once this one is in the trash
   * @throws ProtocolError 'conflict' where the dataset has changed since; 'not-found'
   */
  async removeEpisode(removal: EpisodeRemoval): Promise<string> {
    const { place } = this.#workspace;
    const { dataset, id } = await startWork('remove-episode', { place, removal }).result;
    await this.announce(dataset);
    return id;
  }

  /**
   * Tells everybody what datasets there are.
   *
   * @param changed what is already known of the one that has changed
   */
  async announce(changed?: DatasetSummary): Promise<void> {
    if (changed) {
      this.#known.set(changed.name, { hash: changed.hash, summary: changed, episodes: null });
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
      const known = 'code' in found ? { summary: null, episodes: null } : found;
      this.#known.set(names[i], { ...known, hash: known.summary?.hash ?? hash });
    }
    return inspected;
  }
}
