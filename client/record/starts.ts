/** Sides in the order in which they are suggested. */
export type Side = 'left' | 'right';

/**
 * Which start comes next, and which way to suggest. Each start is offered twice, once for either
 * side: only then do demonstrations disagree about the same situation, which is what the policies
 * are compared on. Starts that differ by side would give the side away.
 */
export class StartPlan {
  #index = 0;
  #suggested: Side = 'left';
  #done: Side | null = null;

  /** Number of the start. */
  get index(): number {
    return this.#index;
  }

  get suggested(): Side {
    return this.#suggested;
  }

  /** The other side has been shown from this start already. */
  get second(): boolean {
    return this.#done !== null;
  }

  /** @param side the saved demonstration took; null where it took none */
  saved(side: Side | null): void {
    if (this.#done !== null || side === null) {
      this.skip();
      return;
    }
    this.#done = side;
    this.#suggested = side === 'left' ? 'right' : 'left';
  }

  /** Goes on to another start. */
  skip(): void {
    this.#index++;
    this.#done = null;
  }
}
