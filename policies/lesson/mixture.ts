import { type NoiseLevel, STRAIGHT_PATH } from '../paths.ts';

/** A point of the plane. */
export type Point = readonly [x: number, y: number];

/** Data in the plane: round Gaussian clouds of one size. */
export interface Mixture {
  readonly means: readonly Point[];
  /** Share of each cloud; they sum to 1. */
  readonly weights: readonly number[];
  /** Standard deviation of each cloud, in each direction. */
  readonly deviation: number;
}

/** What a noised point says of where it came from. */
export interface Posterior {
  /** E[data | x] and E[ε | x], the best answers a network can give. */
  readonly data: Point;
  readonly noise: Point;
  /** Density of noised points there. */
  readonly density: number;
}

/**
 * Bayes' rule in closed form: within cloud m, x ~ N(signal·mean, V) with V = signal²·s² + noise², so
 * E[data | x, m] = mean + signal·s²/V·(x − signal·mean) and E[ε | x, m] = noise/V·(x − signal·mean).
 */
export function posterior(
  { means, weights, deviation }: Mixture,
  { signal, noise }: NoiseLevel,
  [x, y]: Point,
): Posterior {
  const variance = (signal * deviation) ** 2 + noise ** 2;
  const exponents = means.map(
    ([mx, my]) => -((x - signal * mx) ** 2 + (y - signal * my) ** 2) / (2 * variance),
  );
  // The largest is taken out, so that far from all clouds not every share becomes 0.
  const largest = Math.max(...exponents);
  const shares = exponents.map((exponent, m) => weights[m] * Math.exp(exponent - largest));
  const total = shares.reduce((sum, share) => sum + share);
  const toData = (signal * deviation ** 2) / variance;
  const toNoise = noise / variance;
  const data: [number, number] = [0, 0];
  const noises: [number, number] = [0, 0];
  means.forEach(([mx, my], m) => {
    const share = shares[m] / total;
    const [dx, dy] = [x - signal * mx, y - signal * my];
    data[0] += share * (mx + toData * dx);
    data[1] += share * (my + toData * dy);
    noises[0] += share * toNoise * dx;
    noises[1] += share * toNoise * dy;
  });
  const density = (total * Math.exp(largest)) / (2 * Math.PI * variance);
  return { data, noise: noises, density };
}

/** The velocity flow matching learns, E[data − noise | a_τ = point]. */
export function velocity(mixture: Mixture, point: Point, tau: number): Point {
  const { data, noise } = posterior(mixture, STRAIGHT_PATH.levelAt(tau), point);
  return [data[0] - noise[0], data[1] - noise[1]];
}

/**
 * The score ∇ log p(x) of noised points: −E[ε | x]/noise.
 *
 * @see Vincent 2011, eq. 9, doi:10.1162/NECO_a_00142
 */
export function score(mixture: Mixture, level: NoiseLevel, point: Point): Point {
  const { noise } = posterior(mixture, level, point);
  return [-noise[0] / level.noise, -noise[1] / level.noise];
}

/** Index of the nearest cloud. */
export function nearestCloud({ means }: Mixture, [x, y]: Point): number {
  const distances = means.map(([mx, my]) => Math.hypot(x - mx, y - my));
  return distances.indexOf(Math.min(...distances));
}

/** Points drawn from the mixture, [count, 2]. */
export function sampleMixture(
  { means, weights, deviation }: Mixture,
  count: number,
  random: { uniform(): number; normal(): number },
): Float32Array {
  const points = new Float32Array(count * 2);
  for (let i = 0; i < count; i++) {
    let left = random.uniform();
    let m = 0;
    while (m < weights.length - 1 && left >= weights[m]) left -= weights[m++];
    points[2 * i] = means[m][0] + deviation * random.normal();
    points[2 * i + 1] = means[m][1] + deviation * random.normal();
  }
  return points;
}

/**
 * How many of points [n, 2] lie in each cloud, the nearest one deciding, and how many in none.
 *
 * @param radius of a cloud. @default 3 standard deviations
 */
export function countByCloud(
  mixture: Mixture,
  points: ArrayLike<number>,
  radius = 3 * mixture.deviation,
): { inside: number[]; outside: number } {
  const inside = mixture.means.map(() => 0);
  let outside = 0;
  for (let i = 0; i < points.length; i += 2) {
    const cloud = nearestCloud(mixture, [points[i], points[i + 1]]);
    const [x, y] = mixture.means[cloud];
    if (Math.hypot(points[i] - x, points[i + 1] - y) < radius) inside[cloud]++;
    else outside++;
  }
  return { inside, outside };
}
