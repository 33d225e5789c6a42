import { JOINT_COUNT } from '../../sim/index.ts';

/** Sum of squares over control steps and joints, rad², and how many they are. */
export interface Squares {
  readonly squares: number;
  readonly count: number;
}

/** How far commanded joint targets move from control step to control step. */
export interface Motion {
  /** Where another plan takes over. */
  readonly seams: Squares;
  /** In the control step before and the one after, but for where the arm waits. */
  readonly beside: Squares;
}

export const NO_SQUARES: Squares = { squares: 0, count: 0 };
export const NO_MOTION: Motion = { seams: NO_SQUARES, beside: NO_SQUARES };

/** What two lists of joint targets differ by is added to a sum. */
export function addDifference(
  { squares, count }: Squares,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Squares {
  let sum = squares;
  for (let i = 0; i < JOINT_COUNT; i++) sum += (a[i] - b[i]) ** 2;
  return { squares: sum, count: count + JOINT_COUNT };
}

/** Root mean square of the sums of many rollouts, rad; null where nothing was counted. */
export function rootMeanSquare(sums: readonly Squares[]): number | null {
  const squares = sums.reduce((total, sum) => total + sum.squares, 0);
  const count = sums.reduce((total, sum) => total + sum.count, 0);
  return count === 0 ? null : Math.sqrt(squares / count);
}
