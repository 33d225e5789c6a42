/**
 * Energy distance of two clouds of points in the plane: 2·E‖X − Y‖ − E‖X − X′‖ − E‖Y − Y′‖, which is
 * 0 for equal distributions alone. Two samples of one distribution are about 2·E‖X − X′‖/n apart.
 *
 * @param a [n, 2]
 * @param b [m, 2]
 * @cost n² + m² + n·m distances
 * @see Székely and Rizzo 2013, doi:10.1016/j.jspi.2013.03.018
 */
export function energyDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return 2 * meanDistance(a, b) - meanDistance(a, a) - meanDistance(b, b);
}

function meanDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 2) {
    for (let j = 0; j < b.length; j += 2) {
      sum += Math.sqrt((a[i] - b[j]) ** 2 + (a[i + 1] - b[j + 1]) ** 2);
    }
  }
  return sum / ((a.length / 2) * (b.length / 2));
}
