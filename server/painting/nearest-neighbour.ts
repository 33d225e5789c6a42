/** How often the nearest other point is of the same sample. */
export interface NeighbourTest {
  /** Of all points: 0.5 where the samples cannot be told apart, 1 where they lie apart. */
  readonly accuracy: number;
  /** Of either sample's own. Small among true pictures alone: drawn ones crowd among them. */
  readonly first: number;
  readonly second: number;
}

/**
 * The two-sample test whose classifier is the nearest neighbour, left one out: nothing is trained, and a
 * blur or a noise that all pictures of a painter share is found.
 *
 * @param a, b [n, dimension]; of both as many
 * @throws RangeError where the samples are not as large as each other
 * @cost 2·n²·dimension multiplications
 * @see Lopez-Paz and Oquab 2017, "Revisiting classifier two-sample tests", arXiv:1610.06545
 */
export function nearestNeighbourTest(
  a: Float32Array,
  b: Float32Array,
  dimension: number,
): NeighbourTest {
  const count = a.length / dimension;
  if (a.length !== b.length || !Number.isInteger(count) || count < 2) {
    throw new RangeError(
      `samples: expected two of as many points of ${dimension} numbers, at least two, ` +
        `got ${a.length} and ${b.length} numbers`,
    );
  }
  const points = Array.from({ length: 2 * count }, (_, i) => {
    const [sample, at] = i < count ? [a, i] : [b, i - count];
    return sample.subarray(at * dimension, (at + 1) * dimension);
  });
  const nearest = new Int32Array(2 * count);
  const least = new Float64Array(2 * count).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      const away = squaredDistance(points[i], points[j]);
      if (away < least[i]) [least[i], nearest[i]] = [away, j];
      if (away < least[j]) [least[j], nearest[j]] = [away, i];
    }
  }
  let [first, second] = [0, 0];
  for (let i = 0; i < count; i++) {
    if (nearest[i] < count) first++;
    if (nearest[count + i] >= count) second++;
  }
  return {
    accuracy: (first + second) / (2 * count),
    first: first / count,
    second: second / count,
  };
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}
