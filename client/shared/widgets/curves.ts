/** One quantity over the control steps of an episode. */
export interface Curve {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export type CurveUnit = 'm' | 'rad';

/** So far a plot's axis reaches at least: a tremble is no event. */
const LEAST_RANGE: Readonly<Record<CurveUnit, number>> = { m: 0.02, rad: 0.1 };

/** The smallest and the largest value of curves, or so far apart around them as a plot's axis reaches. */
export function rangeOf(
  curves: readonly Curve[],
  unit: CurveUnit,
): readonly [low: number, high: number] {
  const least = LEAST_RANGE[unit];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { values } of curves) {
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return [0, least];
  const around = Math.max(0, least - (high - low)) / 2;
  return [low - around, high + around];
}
