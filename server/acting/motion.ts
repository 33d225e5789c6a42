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

/** Of values that are not negative: how many, their sum, and the largest, which is 0 without any. */
export interface Peaks {
  readonly count: number;
  readonly sum: number;
  readonly max: number;
}

export const NO_PEAKS: Peaks = { count: 0, sum: 0, max: 0 };

export function addPeak({ count, sum, max }: Peaks, value: number): Peaks {
  return { count: count + 1, sum: sum + value, max: Math.max(max, value) };
}

/** Mean and largest value of many rollouts; null where nothing was counted. */
export function meanAndMax(peaks: readonly Peaks[]): { mean: number; max: number } | null {
  const count = peaks.reduce((total, each) => total + each.count, 0);
  const sum = peaks.reduce((total, each) => total + each.sum, 0);
  return count === 0 ? null : { mean: sum / count, max: Math.max(...peaks.map(({ max }) => max)) };
}

/** How smoothly the joints have moved: what was executed, not what was commanded. */
export interface Smoothness {
  /** Norm over the joints of the third difference of their positions, a control step each, rad/s³. */
  readonly jerk: Peaks;
  /** Norm of the change in velocity from the step before another plan takes over to its first, rad/s. */
  readonly seamVelocity: Peaks;
}

/** Watches the joints of an episode from its start. */
export class SmoothnessMeter {
  readonly #controlHz: number;
  /** Of the last four moments, oldest first, rad. */
  #positions: Float32Array[] = [];
  #jerk = NO_PEAKS;
  #seamVelocity = NO_PEAKS;

  /** @param start joint positions, rad */
  constructor(start: Float32Array, controlHz: number) {
    this.#controlHz = controlHz;
    this.#positions.push(start);
  }

  /**
   * @param positions after a control step, rad
   * @param seam      whether another plan took over with it
   */
  add(positions: Float32Array, seam: boolean): void {
    this.#positions.push(positions);
    if (this.#positions.length > 4) this.#positions.shift();
    const [d, c, b, a] = this.#positions.slice(-4).reverse();
    const hz = this.#controlHz;
    if (seam && b) {
      this.#seamVelocity = addPeak(this.#seamVelocity, hz * norm((i) => d[i] - 2 * c[i] + b[i]));
    }
    if (!a) return;
    const jerk = hz ** 3 * norm((i) => d[i] - 3 * c[i] + 3 * b[i] - a[i]);
    this.#jerk = addPeak(this.#jerk, jerk);
  }

  get smoothness(): Smoothness {
    return { jerk: this.#jerk, seamVelocity: this.#seamVelocity };
  }
}

function norm(of: (joint: number) => number): number {
  let sum = 0;
  for (let i = 0; i < JOINT_COUNT; i++) sum += of(i) ** 2;
  return Math.sqrt(sum);
}
