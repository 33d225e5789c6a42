import type { DatasetOverview, EpisodeView } from '../protocol/dataset-views.ts';
import type { Workspace } from '../storage/workspace.ts';
import { startWork } from './process.ts';
import { Readings } from './readings.ts';

/** Overviews that are kept: they are asked for by every page that opens a dataset. */
const KEPT = 8;

/** What pages look at of datasets, read in child processes. */
export class DatasetViews {
  readonly #workspace: Workspace;
  readonly #readings = new Readings('demonstrations');
  /** By the hash of the content, the one asked for last at the end. */
  readonly #overviews = new Map<string, DatasetOverview<Uint8Array>>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** @throws ProtocolError 'busy' where too many wait; what `readOverview` throws */
  overview(name: string): Promise<DatasetOverview<Uint8Array>> {
    const { place, datasets } = this.#workspace;
    return this.#readings.take(async () => {
      const hash = (await datasets.hashes()).get(name);
      const known = hash === undefined ? undefined : this.#overviews.get(hash);
      const overview = known
        ? { ...known, name }
        : await startWork('overview', { place, name }).result;
      this.#keep(overview);
      return overview;
    });
  }

  /** @throws ProtocolError 'busy' where too many wait; what `readEpisodeView` throws */
  episode(request: {
    readonly name: string;
    readonly episode: number;
    readonly hash: string;
  }): Promise<EpisodeView<Uint8Array>> {
    const { place } = this.#workspace;
    return this.#readings.take(() => startWork('view-episode', { place, request }).result);
  }

  #keep(overview: DatasetOverview<Uint8Array>): void {
    this.#overviews.delete(overview.hash);
    this.#overviews.set(overview.hash, overview);
    for (const hash of this.#overviews.keys()) {
      if (this.#overviews.size <= KEPT) return;
      this.#overviews.delete(hash);
    }
  }
}
