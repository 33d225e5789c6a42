import type { Spread } from './results.ts';

/** Nanoseconds in a millisecond: the histogram counts whole ones. */
const NS = 1e6;
/** Counters from one power of two to the next: a duration is known to a thousandth. */
const BINS = 1024;
const BITS = Math.log2(BINS);

/**
 * Durations, counted in a high-dynamic-range histogram: however many there are, it stays as large as it
 * is, and its percentiles are within 0.1 % of those of all values.
 *
 * @see Tene, HdrHistogram, https://hdrhistogram.org
 */
export class Durations {
  /** From 0 and from every power of two on, where there are any: numbers of durations by their leading bits. */
  readonly #counts: (Uint32Array | undefined)[] = [];
  #count = 0;
  #longest = 0;

  /** @param ms at least 0; anything shorter than a nanosecond counts as one */
  record(ms: number): void {
    const ns = Math.max(1, Math.round(ms * NS));
    const octave = octaveOf(ns);
    const counts = this.#counts[octave] ?? new Uint32Array(BINS);
    this.#counts[octave] = counts;
    counts[Math.floor(ns / unitOf(octave)) % BINS]++;
    this.#count++;
    if (ms > this.#longest) this.#longest = ms;
  }

  get count(): number {
    return this.#count;
  }

  /** ms; the longest is exact, and all are 0 where there is none. */
  spread(): Spread {
    return {
      p50: this.#percentile(50),
      p90: this.#percentile(90),
      p95: this.#percentile(95),
      p99: this.#percentile(99),
      p999: this.#percentile(99.9),
      max: this.#longest,
    };
  }

  /** The longest that the bin of that rank holds. */
  #percentile(percent: number): number {
    let left = Math.ceil((percent / 100) * this.#count);
    for (const [octave, counts] of this.#counts.entries()) {
      if (!counts) continue;
      for (let bin = 0; bin < BINS; bin++) {
        left -= counts[bin];
        if (left > 0 || counts[bin] === 0) continue;
        const unit = unitOf(octave);
        const first = (octave === 0 ? bin : BINS + bin) * unit;
        return Math.min((first + unit - 1) / NS, this.#longest);
      }
    }
    return this.#longest;
  }
}

/** 0 below `BINS`, then one more for each power of two. */
function octaveOf(ns: number): number {
  if (ns < BINS) return 0;
  // Of 32 bits, 4 s, a tenth of the time.
  const bits = ns < 2 ** 32 ? 32 - Math.clz32(ns) : Math.floor(Math.log2(ns)) + 1;
  return bits - BITS;
}

/** Nanoseconds that are counted as one in an octave. */
function unitOf(octave: number): number {
  return octave === 0 ? 1 : 2 ** (octave - 1);
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
