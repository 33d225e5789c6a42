import type { Random } from '../../policies/random.ts';

/**
 * The sliced 2-Wasserstein distance of two samples of equal size: along random directions each is a set of
 * numbers, whose best matching is their order.
 *
 * A shift of every number by c is c away, a spread of all about their mean that is k times another's
 * |k − 1| times its standard deviation.
 *
 * @param a, b       [n, dimension]
 * @param directions along which it is taken; their number decides its own noise, about 1/√directions of it
 * @throws RangeError where the samples are not as large as each other
 * @cost 2·n·dimension·directions multiplications
 * @see Rabin et al. 2012, "Wasserstein barycenter and its application to texture mixing"
 */
export function slicedWasserstein(
  a: Float32Array,
  b: Float32Array,
  dimension: number,
  { random, directions = 128 }: { random: Random; directions?: number },
): number {
  if (a.length !== b.length || a.length === 0 || a.length % dimension !== 0) {
    throw new RangeError(
      `samples: expected two of as many points of ${dimension} numbers, ` +
        `got ${a.length} and ${b.length} numbers`,
    );
  }
  const count = a.length / dimension;
  let sum = 0;
  for (let i = 0; i < directions; i++) {
    const direction = unitVector(dimension, random);
    const [first, second] = [along(a, direction), along(b, direction)];
    for (let j = 0; j < count; j++) sum += (first[j] - second[j]) ** 2;
  }
  return Math.sqrt(sum / (count * directions));
}

function unitVector(dimension: number, random: Random): Float64Array {
  const vector = Float64Array.from({ length: dimension }, () => random.normal());
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / length);
}

/** Places of all points on a line, in order. */
function along(points: Float32Array, direction: Float64Array): Float64Array {
  const dimension = direction.length;
  const places = new Float64Array(points.length / dimension);
  for (let i = 0; i < places.length; i++) {
    const from = i * dimension;
    let sum = 0;
    for (let k = 0; k < dimension; k++) sum += points[from + k] * direction[k];
    places[i] = sum;
  }
  return places.sort();
}
