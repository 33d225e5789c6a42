/** Smallest and largest value of each component over a dataset. */
export interface Range {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** Components whose range is narrower than this do not vary: they are shifted, not stretched. */
const CONSTANT = 1e-4;

/** Maps each component's range to [−1, 1] and back. */
export class Normalizer {
  readonly range: Range;
  readonly size: number;
  /** What becomes 0, and what lies between it and 1, of each component. */
  readonly centre: Float64Array;
  readonly half: Float64Array;

  constructor(range: Range) {
    this.range = range;
    this.size = range.min.length;
    this.centre = Float64Array.from(range.min, (low, i) => (low + range.max[i]) / 2);
    this.half = Float64Array.from(range.min, (low, i) => {
      const half = (range.max[i] - low) / 2;
      return 2 * half < CONSTANT ? 1 : half;
    });
  }

  /** Rows of `size` components, in place. */
  normalize(rows: Float32Array): Float32Array {
    for (let i = 0; i < rows.length; i++) {
      const c = i % this.size;
      rows[i] = (rows[i] - this.centre[c]) / this.half[c];
    }
    return rows;
  }

  /** The reverse, in place. */
  denormalize(rows: Float32Array): Float32Array {
    for (let i = 0; i < rows.length; i++) {
      const c = i % this.size;
      rows[i] = rows[i] * this.half[c] + this.centre[c];
    }
    return rows;
  }
}

/** Range of each component over rows of `size` components. */
export function rangeOf(rows: Iterable<Float32Array>, size: number): Range {
  const min = new Array<number>(size).fill(Number.POSITIVE_INFINITY);
  const max = new Array<number>(size).fill(Number.NEGATIVE_INFINITY);
  for (const part of rows) {
    for (let i = 0; i < part.length; i++) {
      const c = i % size;
      if (part[i] < min[c]) min[c] = part[i];
      if (part[i] > max[c]) max[c] = part[i];
    }
  }
  return { min, max };
}
