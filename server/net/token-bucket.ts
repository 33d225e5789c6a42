/** Lets through a burst, then a steady rate; `express-rate-limit` counts HTTP requests in windows. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledAt: number;

  /** @param now a clock, ms */
  constructor(burst: number, perSecond: number, now = performance.now()) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** Takes one token; false where there is none. */
  take(now = performance.now()): boolean {
    return this.takeMany(1, now);
  }

  /** Takes all of them; false, and takes none, where there are fewer. */
  takeMany(count: number, now = performance.now()): boolean {
    const gained = ((now - this.#filledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}
