import type { ModeIndex } from '../../protocol/frames.ts';
import type { NoisePlane } from '../../protocol/inquiry-frames.ts';

/** One plan out of noise. */
export interface NoiseDraw {
  /** [Tp·Da], normal */
  readonly noise: Float32Array;
  /** [Tp·Da] of the plan. */
  readonly chunk: Float32Array;
  readonly mode: ModeIndex;
}

/** Two directions in the space of one plan's noise, at right angles, each of length 1. */
export interface Directions {
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** The ways that the first tells apart; null where there was one way alone. */
  readonly parts: NoisePlane['parts'];
}

/** Rounds of the power iteration: more than enough to tell which direction varies most. */
const ROUNDS = 24;
/** Plans of another way that are needed to say where it lies. */
const FEWEST = 4;

/**
 * The direction of noise that decides which way a plan takes: the mean noise of the plans that take
 * the one, less that of those that take the other. The second is what else changes the plan most: the
 * noise by which the plans of one way differ along their first principal component.
 */
export function findDirections(draws: readonly NoiseDraw[]): Directions {
  const parts = commonest(draws);
  const groups = parts ? parts.map((mode) => draws.filter((draw) => draw.mode === mode)) : [draws];
  const scores = scoresWithin(groups);
  const within = unit(weightedNoise(groups.flat(), scores));
  if (!parts) return { first: within, second: unit(apart(seededBeside(within), within)), parts };
  const [high, low] = groups.map((group) =>
    weightedNoise(
      group,
      group.map(() => 1 / group.length),
    ),
  );
  const first = unit(high.map((value, i) => value - low[i]));
  return { first, second: unit(apart(within, first)), parts };
}

/** Where noise lies in the plane: coordinates that are standard normal, too. */
export function coordinatesOf(
  noise: Float32Array,
  { first, second }: Directions,
): readonly [u: number, v: number] {
  return [Math.fround(dot(noise, first)), Math.fround(dot(noise, second))];
}

/**
 * Noise with other coordinates, all else held. At those of the noise itself it is the noise, to the
 * bit: what is added to it is 0.
 */
export function turnNoise(
  noise: Float32Array,
  { first, second }: Directions,
  [u, v]: readonly [u: number, v: number],
): Float32Array {
  const [u0, v0] = coordinatesOf(noise, { first, second, parts: null });
  return noise.map((value, i) => value + (u - u0) * first[i] + (v - v0) * second[i]);
}

/** The two ways that most plans take, the first of the task's before the other. */
function commonest(draws: readonly NoiseDraw[]): readonly [ModeIndex, ModeIndex] | null {
  const counts = new Map<ModeIndex, number>();
  for (const { mode } of draws) if (mode >= 0) counts.set(mode, (counts.get(mode) ?? 0) + 1);
  const ranked = [...counts].filter(([, count]) => count >= FEWEST).sort((a, b) => b[1] - a[1]);
  if (ranked.length < 2) return null;
  const [a, b] = [ranked[0][0], ranked[1][0]];
  return a < b ? [a, b] : [b, a];
}

/** How far each plan is along the first principal component of what plans of one way differ by. */
function scoresWithin(groups: readonly (readonly NoiseDraw[])[]): number[] {
  const residuals = groups.flatMap((group) => {
    const mean = new Float64Array(group[0]?.chunk.length ?? 0);
    for (const { chunk } of group) for (let i = 0; i < mean.length; i++) mean[i] += chunk[i];
    return group.map(({ chunk }) => mean.map((sum, i) => chunk[i] - sum / group.length));
  });
  let axis = unit(residuals[0] ?? new Float64Array(1));
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(axis.length);
    for (const residual of residuals) {
      const score = dot(residual, axis);
      for (let i = 0; i < next.length; i++) next[i] += score * residual[i];
    }
    axis = unit(next);
  }
  return residuals.map((residual) => dot(residual, axis));
}

function weightedNoise(draws: readonly NoiseDraw[], weights: readonly number[]): Float64Array {
  const sum = new Float64Array(draws[0]?.noise.length ?? 0);
  draws.forEach(({ noise }, row) => {
    for (let i = 0; i < sum.length; i++) sum[i] += weights[row] * noise[i];
  });
  return sum;
}

/** Some other direction: the same components, moved on by one. */
function seededBeside(direction: Float64Array): Float64Array {
  return direction.map((_, i) => direction[(i + 1) % direction.length]);
}

/** What is left of a vector beside a direction. */
function apart(vector: Float64Array, direction: Float64Array): Float64Array {
  const along = dot(vector, direction);
  return vector.map((value, i) => value - along * direction[i]);
}

/** Its direction, or the first axis for a vector of length 0. */
function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value, i) => (length > 0 ? value / length : Number(i === 0)));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
