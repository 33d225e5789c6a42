import { ipKeyGenerator } from 'express-rate-limit';

const WINDOW_MS = 60_000;

/** Addresses that are counted separately within a minute; those beyond share one count. */
const MAX_ADDRESSES = 10_000;

/** How often each client may do something within a minute. */
export class VisitLimit {
  readonly #perMinute: number;
  #counts = new Map<string, number>();
  #endsAt = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /**
   * Counts once; false where that is too often.
   *
   * @param address of the client; IPv6 addresses of one network share their count
   * @param now a clock, ms
   */
  take(address: string, now = performance.now()): boolean {
    const key = this.#keyOf(address, now);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count <= this.#perMinute;
  }

  /** Whether a client has used up what it may, which this does not count. */
  isSpent(address: string, now = performance.now()): boolean {
    return (this.#counts.get(this.#keyOf(address, now)) ?? 0) >= this.#perMinute;
  }

  #keyOf(address: string, now: number): string {
    if (now >= this.#endsAt) {
      this.#counts = new Map();
      this.#endsAt = now + WINDOW_MS;
    }
    const key = ipKeyGenerator(address);
    return this.#counts.size < MAX_ADDRESSES || this.#counts.has(key) ? key : '';
  }
}
