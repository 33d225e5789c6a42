/** Episodes of which anything is kept: the one under way, and the one before. */
const EPISODES = 2;

/** What is kept of each lane of a stage's last episodes. */
export class KeptEpisodes<T> {
  /** By episode, the oldest first; by lane. */
  readonly #episodes = new Map<number, T[]>();

  /**
   * Another episode begins.
   *
   * @param empty what is kept of a lane of which nothing is known yet
   */
  begin(episodeId: number, lanes: number, empty: () => T): void {
    this.#episodes.set(episodeId, Array.from({ length: lanes }, empty));
    for (const id of this.#episodes.keys()) {
      if (this.#episodes.size > EPISODES) this.#episodes.delete(id);
    }
  }

  /** Undefined where nothing of it is kept. */
  of(episodeId: number, lane: number): T | undefined {
    return this.#episodes.get(episodeId)?.[lane];
  }
}
