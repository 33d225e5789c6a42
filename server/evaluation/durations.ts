import { createHistogram } from 'node:perf_hooks';
import type { Spread } from '../protocol/results.ts';

/** Nanoseconds in a millisecond: histograms count whole numbers. */
const NS = 1e6;

/**
 * Durations, counted in a high-dynamic-range histogram: however many there are, it stays as large as it
 * is, and its percentiles are within 0.1 % of those of all values.
 */
export class Durations {
  readonly #counts = createHistogram({ figures: 3 });
  #longest = 0;

  /** @param ms at least 0; anything shorter than a nanosecond counts as one */
  record(ms: number): void {
    this.#counts.record(Math.max(1, Math.round(ms * NS)));
    this.#longest = Math.max(this.#longest, ms);
  }

  get count(): number {
    return this.#counts.count;
  }

  /** ms; the longest is exact. */
  spread(): Spread {
    const at = (percent: number) => Math.min(this.#counts.percentile(percent) / NS, this.#longest);
    return {
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      p999: at(99.9),
      max: this.#longest,
    };
  }
}

/** Of what is in proportion to durations. */
export function mapSpread(spread: Spread, map: (ms: number) => number): Spread {
  const { p50, p90, p95, p99, p999, max } = spread;
  return {
    p50: map(p50),
    p90: map(p90),
    p95: map(p95),
    p99: map(p99),
    p999: map(p999),
    max: map(max),
  };
}
