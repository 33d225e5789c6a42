/**
 * Longest gap between two calls that is caught up, s. After a longer one, as of a hidden tab, the rest
 * is dropped.
 */
const LONGEST_GAP = 0.25;

/** Says when a control step is due: a fixed rate, whatever rhythm it is asked in. */
export class Pacer {
  readonly #period: number;
  #last: number | null = null;
  #owed = 0;

  /** @param rate steps a second */
  constructor(rate: number) {
    this.#period = 1 / rate;
  }

  /** @returns number of steps that are due at `now`, s */
  due(now: number): number {
    if (this.#last !== null) this.#owed += Math.min(LONGEST_GAP, Math.max(0, now - this.#last));
    this.#last = now;
    // A hair's breadth early is due: sums of times are not exact.
    const steps = Math.floor(this.#owed / this.#period + 1e-6);
    this.#owed = Math.max(0, this.#owed - steps * this.#period);
    return steps;
  }

  /** Begins anew with a step that is due at once: what was asked for is seen without a wait. */
  begin(): void {
    this.#last = null;
    this.#owed = this.#period;
  }
}
