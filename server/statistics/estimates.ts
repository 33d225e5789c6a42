import { Random } from '../../policies/random.ts';
import type { Percentiles, Proportion } from '../protocol/results.ts';

/** 97.5 % quantile of the standard normal. */
const Z = 1.959963984540054;

/** Outcomes that are alike because they share something: rollouts from one start. */
export interface Cluster {
  readonly k: number;
  readonly n: number;
}

/**
 * k successes of n with the Wilson score interval.
 *
 * @param effective independent attempts that the n are worth
 * @see Wilson 1927, JASA 22, 209–212
 */
export function proportion(k: number, n: number, effective = n): Proportion {
  if (n === 0) return { k, n, rate: 0, ci95: [0, 1] };
  const p = k / n;
  const m = effective;
  const centre = (p + (Z * Z) / (2 * m)) / (1 + (Z * Z) / m);
  const half = (Z / (1 + (Z * Z) / m)) * Math.sqrt((p * (1 - p)) / m + (Z * Z) / (4 * m * m));
  // At the ends the interval reaches 0 or 1 exactly; rounding must not take it past them.
  const low = k === 0 ? 0 : Math.max(0, centre - half);
  const high = k === n ? 1 : Math.min(1, centre + half);
  return { k, n, rate: p, ci95: [low, high] };
}

/**
 * The same for clustered outcomes: n shrinks by the design effect, the variance between clusters
 * over that of independent outcomes. Equal outcomes everywhere tell nothing about it.
 *
 * @see Rao and Scott 1992, Biometrics 48, 577–585
 */
export function clusteredProportion(clusters: readonly Cluster[]): Proportion {
  const k = clusters.reduce((sum, cluster) => sum + cluster.k, 0);
  const n = clusters.reduce((sum, cluster) => sum + cluster.n, 0);
  const p = k / n;
  if (clusters.length < 2 || k === 0 || k === n) return proportion(k, n);
  const squares = clusters.reduce((sum, cluster) => sum + (cluster.k - p * cluster.n) ** 2, 0);
  const between = (clusters.length / (clusters.length - 1)) * (squares / (n * n));
  const effect = Math.max(1, (between * n) / (p * (1 - p)));
  return proportion(k, n, n / effect);
}

/**
 * Entropy of counts in units of its maximum over `modes` modes: 0 one mode only, 1 all alike. Where
 * there is but one mode, nothing can vary: 0.
 */
export function entropy(counts: readonly number[], modes: number): number {
  if (modes < 2) return 0;
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
  if (total === 0 || modes < 2) return 0;
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
 * Two-sided exact p-value of McNemar's test for clustered pairs: how often the sum of `differences`
 * would be as far from 0 if each one's sign were a coin's. With one pair a cluster it is McNemar's
 * own exact test.
 *
 * @param differences a cluster each: successes of a less those of b
 * @cost  the number of differences times the sum of their sizes
 * @see McNemar 1947, Psychometrika 12, 153–157
 */
export function mcnemar(differences: readonly number[]): number {
  const reach = differences.reduce((sum, difference) => sum + Math.abs(difference), 0);
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  // Probability of each sum from −reach to reach, a sign at a time.
  let chances = new Float64Array(2 * reach + 1);
  chances[reach] = 1;
  for (const difference of differences) {
    if (difference === 0) continue;
    const size = Math.abs(difference);
    const next = new Float64Array(chances.length);
    for (let i = size; i < chances.length - size; i++) {
      next[i - size] += chances[i] / 2;
      next[i + size] += chances[i] / 2;
    }
    chances = next;
  }
  const tail = chances.reduce(
    (p, chance, i) => (Math.abs(i - reach) >= observed ? p + chance : p),
    0,
  );
  return Math.min(1, tail);
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
