import type { Normalization } from './config.ts';
import { refuse } from './error.ts';

/** value · scale + shift, a component each. */
export interface Affine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** Statistics of a dataset by name ("mean", "q01"), those of one feature. */
export type Statistics = ReadonlyMap<string, Float32Array>;

/** Where numbers go and how they come back. */
interface BothWays {
  readonly normalizing: Affine;
  readonly denormalizing: Affine;
}

/** What is mapped to −1 and 1. */
const RANGES = {
  MIN_MAX: ['min', 'max'],
  QUANTILES: ['q01', 'q99'],
  QUANTILE10: ['q10', 'q90'],
} as const;

/**
 * How LeRobot brings a feature to a common size.
 *
 * @param size    components of the feature
 * @param epsilon stands for a range of 0, and is added to a standard deviation
 * @param from    where the statistics are from, for people
 * @throws LeRobotError where statistics are missing, of another size or not finite
 * @see lerobot 0.4.4, processor/normalize_processor.py
 */
export function normalizationOf(
  mode: Normalization,
  statistics: Statistics,
  size: number,
  { epsilon, from }: { readonly epsilon: number; readonly from: string },
): BothWays {
  const named = (name: string) => statisticOf(statistics, name, size, from);
  switch (mode) {
    case 'IDENTITY':
      return { normalizing: affine(size, () => [1, 0]), denormalizing: affine(size, () => [1, 0]) };
    case 'MEAN_STD': {
      const [mean, std] = [named('mean'), named('std')];
      const spread = (i: number) => std[i] + epsilon;
      return {
        normalizing: affine(size, (i) => [1 / spread(i), -mean[i] / spread(i)]),
        denormalizing: affine(size, (i) => [std[i], mean[i]]),
      };
    }
    case 'MIN_MAX':
    case 'QUANTILES':
    case 'QUANTILE10': {
      const [low, high] = RANGES[mode].map(named);
      const half = (i: number) => (high[i] - low[i] || epsilon) / 2;
      return {
        normalizing: affine(size, (i) => [1 / half(i), -low[i] / half(i) - 1]),
        denormalizing: affine(size, (i) => [half(i), half(i) + low[i]]),
      };
    }
  }
}

function affine(size: number, at: (i: number) => readonly [scale: number, shift: number]): Affine {
  const pairs = Array.from({ length: size }, (_, i) => at(i));
  return {
    scale: Float64Array.from(pairs, ([scale]) => scale),
    shift: Float64Array.from(pairs, ([, shift]) => shift),
  };
}

/** That of two features side by side. */
export function sideBySide(a: Affine, b: Affine): Affine {
  return {
    scale: Float64Array.of(...a.scale, ...b.scale),
    shift: Float64Array.of(...a.shift, ...b.shift),
  };
}

/** Rows of as many components, in place. */
export function applyAffine({ scale, shift }: Affine, rows: Float32Array): Float32Array {
  for (let i = 0; i < rows.length; i++) {
    const c = i % scale.length;
    rows[i] = rows[i] * scale[c] + shift[c];
  }
  return rows;
}

function statisticOf(
  statistics: Statistics,
  name: string,
  size: number,
  from: string,
): Float32Array {
  const cure = 'save the policy with the statistics of its dataset';
  const values = statistics.get(name);
  if (values?.length === size && values.every(Number.isFinite)) return values;
  const got = !values
    ? 'none'
    : values.length === size
      ? 'some that are not finite'
      : `${values.length} numbers`;
  return refuse(from, `"${name}", ${size} finite numbers`, got, cure);
}
