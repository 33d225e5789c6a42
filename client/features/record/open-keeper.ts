import type { KeptOpen } from './kept-take.ts';
import { RECORD_HZ } from './recorder.ts';
import type { Shelf } from './shelf.ts';
import type { Take } from './take.ts';

/** How often an attempt under way is written, s: what is lost when a browser dies. */
const PERIOD = 1;

/** What would be missed of an attempt: more than a second of a person's own, or one that is done. */
export function isMissed({ phase, recorder: { steps, before } }: Take): boolean {
  return steps - before > RECORD_HZ || (phase === 'done' && steps > before);
}

/** Keeps the attempt under way in the browser, so that a reload does not lose it. */
export class OpenKeeper {
  readonly #shelf: Shelf;
  #name: string | null = null;
  #written = 0;
  #kept = '';

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** The attempt under way lies there already. */
  goOnWith(name: string): void {
    this.#name = name;
  }

  /**
   * Writes an attempt where it has grown: at most once a period, but when everything holds.
   *
   * @param describe all of it; asked only where it is written
   */
  keep(take: Take, describe: () => KeptOpen): void {
    const now = Date.now();
    const resting = take.phase !== 'recording';
    const state = `${take.recorder.steps} ${take.phase === 'done'}`;
    if (!isMissed(take) || state === this.#kept) return;
    if (!resting && now - this.#written < 1000 * PERIOD) return;
    this.#name ??= this.#shelf.name();
    this.#shelf.put(this.#name, describe());
    this.#written = now;
    this.#kept = state;
  }

  /** It need not be kept any more. */
  drop(): void {
    const name = this.release();
    if (name !== null) this.#shelf.remove(name);
  }

  /** Leaves it to somebody else. @returns where it lies; null where it was not kept */
  release(): string | null {
    const name = this.#name;
    this.#name = null;
    this.#kept = '';
    return name;
  }
}
