import { Random } from '../../policies/random.ts';
import type { Percentiles, Proportion } from '../protocol/results.ts';

/** 97.5 % quantile of the standard normal. */
const Z = 1.959963984540054;

/**
 * k successes of n with the Wilson score interval.
 *
 * @see Wilson 1927, JASA 22, 209–212
 */
export function proportion(k: number, n: number): Proportion {
  if (n === 0) return { k, n, rate: 0, ci95: [0, 1] };
  const p = k / n;
  const centre = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  // At the ends the interval reaches 0 or 1 exactly; rounding must not take it past them.
  const low = k === 0 ? 0 : Math.max(0, centre - half);
  const high = k === n ? 1 : Math.min(1, centre + half);
  return { k, n, rate: p, ci95: [low, high] };
}

/** Entropy of counts in units of its maximum over `modes` modes: 0 one mode only, 1 all alike. */
export function entropy(counts: readonly number[], modes: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let h = 0;
  for (const count of counts) {
    if (count > 0) h -= (count / total) * Math.log(count / total);
  }
  return h / Math.log(modes);
}

/**
 * The same with the Miller–Madow correction of the plug-in estimate's bias, at most 1. Where one
 * mode only was seen it stays exactly 0.
 *
 * @see Miller 1955, "Note on the bias of information estimates"
 */
export function correctedEntropy(counts: readonly number[], modes: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  const seen = counts.filter((count) => count > 0).length;
  return Math.min(1, entropy(counts, modes) + (seen - 1) / (2 * total * Math.log(modes)));
}

/** Bootstrap percentile interval of a statistic of `values`. */
export function bootstrap95<T>(
  values: readonly T[],
  statistic: (sample: readonly T[]) => number,
  resamples = 1000,
): [low: number, high: number] {
  if (values.length === 0) return [0, 0];
  const random = Random.of(0x5eed, values.length);
  const draws = Array.from({ length: resamples }, () =>
    statistic(values.map(() => values[random.below(values.length)])),
  ).sort((a, b) => a - b);
  return [draws[Math.floor(0.025 * resamples)], draws[Math.ceil(0.975 * resamples) - 1]];
}

/** Kullback–Leibler divergence of two distributions over the same modes, bits. */
export function divergence(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, value, i) => (value > 0 ? sum + value * Math.log2(value / q[i]) : sum), 0);
}

/**
 * Two-sided exact p-value of McNemar's test: `onlyA` pairs where only a succeeded, `onlyB` where
 * only b did.
 *
 * @see McNemar 1947, Psychometrika 12, 153–157
 */
export function mcnemar(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  let tail = 0;
  // Binomial coefficients by their logarithms: they overflow beyond a thousand pairs.
  let logChoose = 0;
  for (let k = 0; k <= Math.min(onlyA, onlyB); k++) {
    tail += Math.exp(logChoose - n * Math.LN2);
    logChoose += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Nearest-rank percentiles. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) };
}
