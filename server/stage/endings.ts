import type { Ending } from '../protocol/ending.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { InquiredMoment } from '../protocol/inquiry.ts';
import { KeptEpisodes } from './kept-episodes.ts';

/** How the attempts of a stage's last episodes ended. */
export class Endings {
  readonly #kept = new KeptEpisodes<{ ending: Ending | null }>();

  /** Another episode begins. */
  begin(episodeId: number, lanes: number): void {
    this.#kept.begin(episodeId, lanes, () => ({ ending: null }));
  }

  /** @param ending null while it is not decided */
  put(episodeId: number, lane: number, ending: Ending | null): void {
    const kept = this.#kept.of(episodeId, lane);
    if (kept) kept.ending = ending;
  }

  /**
   * Of the episode that is shown at a moment.
   *
   * @throws ProtocolError 'not-found' where it is not decided, or not kept
   */
  of({ episodeId, lane }: InquiredMoment): Ending {
    const ending = this.#kept.of(episodeId, lane)?.ending;
    if (ending) return ending;
    throw new ProtocolError(
      'not-found',
      `ending: expected an attempt that is decided, of the episode under way or of the one before, got ` +
        `episode ${episodeId}, view ${lane}; ask again once it is`,
    );
  }
}
