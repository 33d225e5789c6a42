/** The ten numbers LeRobot keeps of every component of a feature. */
export interface FeatureStatistics {
  /** Rows. */
  readonly count: number;
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
  /** Of the population: divided by count. */
  readonly std: readonly number[];
  readonly q01: readonly number[];
  readonly q10: readonly number[];
  readonly q50: readonly number[];
  readonly q90: readonly number[];
  readonly q99: readonly number[];
}

/** By feature name. */
export type Statistics = Readonly<Record<string, FeatureStatistics>>;

export const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 } as const;
type QuantileName = keyof typeof QUANTILES;
/** Those that are one number a component, in LeRobot's order. */
export const VECTOR_STATISTICS = [
  'min',
  'max',
  'mean',
  'std',
  'q01',
  'q10',
  'q50',
  'q90',
  'q99',
] as const;
type VectorName = (typeof VECTOR_STATISTICS)[number];

/**
 * Exact statistics of each column.
 *
 * @param flat  [rows, width]
 * @param width at least 1
 * @throws RangeError without rows
 */
export function computeStatistics(flat: ArrayLike<number>, width: number): FeatureStatistics {
  const count = flat.length / width;
  if (!Number.isInteger(count) || count === 0) {
    throw new RangeError(
      `statistics: expected rows of ${width} numbers, got ${flat.length} numbers`,
    );
  }
  const result = emptyVectors();
  const column = new Float64Array(count);
  for (let j = 0; j < width; j++) {
    for (let i = 0; i < count; i++) column[i] = flat[i * width + j];
    column.sort();
    const mean = column.reduce((sum, value) => sum + value, 0) / count;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
    result.min.push(column[0]);
    result.max.push(column[count - 1]);
    result.mean.push(mean);
    result.std.push(Math.sqrt(variance));
    for (const name of quantileNames()) result[name].push(quantile(column, QUANTILES[name]));
  }
  return { count, ...result };
}

/**
 * Statistics of all rows from those of their parts. Exact, but for the quantiles, which are the
 * parts' mean weighted by count: LeRobot's rule (`aggregate_feature_stats`).
 *
 * @param parts at least one, of equal width
 */
export function poolStatistics(parts: readonly FeatureStatistics[]): FeatureStatistics {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const result = emptyVectors();
  for (let j = 0; j < parts[0].mean.length; j++) {
    const weighted = (value: (part: FeatureStatistics) => number) =>
      parts.reduce((sum, part) => sum + value(part) * part.count, 0) / count;
    const mean = weighted((part) => part.mean[j]);
    result.min.push(parts.reduce((least, part) => Math.min(least, part.min[j]), Infinity));
    result.max.push(parts.reduce((most, part) => Math.max(most, part.max[j]), -Infinity));
    result.mean.push(mean);
    result.std.push(Math.sqrt(weighted((part) => part.std[j] ** 2 + (part.mean[j] - mean) ** 2)));
    for (const name of quantileNames()) result[name].push(weighted((part) => part[name][j]));
  }
  return { count, ...result };
}

/** `poolStatistics` of each feature; no features without parts. */
export function poolAllStatistics(parts: readonly Statistics[]): Statistics {
  if (parts.length === 0) return {};
  return Object.fromEntries(
    Object.keys(parts[0]).map((feature) => [
      feature,
      poolStatistics(parts.map((part) => part[feature])),
    ]),
  );
}

/** Between the two nearest ranks in proportion, as numpy does by default. */
function quantile(sorted: Float64Array, fraction: number): number {
  const rank = fraction * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
}

/** Statistics of pictures as LeRobot has them: of shape [channels, 1, 1]. */
export function perChannel(values: readonly number[]): number[][][] {
  return values.map((value) => [[value]]);
}

function quantileNames(): QuantileName[] {
  return Object.keys(QUANTILES) as QuantileName[];
}

function emptyVectors(): Record<VectorName, number[]> {
  return { min: [], max: [], mean: [], std: [], q01: [], q10: [], q50: [], q90: [], q99: [] };
}
