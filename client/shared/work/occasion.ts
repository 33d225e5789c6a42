/** Of the time at most one part in so many goes into each kind of picture, the rest into training. */
const SHARE = 5;

/** Something that is done again and again, but never for more than its share of the time. */
export class Occasion {
  readonly #every: number;
  readonly #share: number;
  #next = 0;
  /** It was asked for and has not been done since, however lately it was done before. */
  wanted = true;

  /**
   * @param every least time between, ms
   * @param share at most one part in so many of the time
   */
  constructor(every: number, share = SHARE) {
    this.#every = every;
    this.#share = share;
  }

  /** It was not done lately. */
  get rested(): boolean {
    return performance.now() >= this.#next;
  }

  async perform(action: () => void | Promise<void>): Promise<void> {
    this.wanted = false;
    const began = performance.now();
    await action();
    const now = performance.now();
    this.#next = now + Math.max(this.#every, this.#share * (now - began));
  }
}
