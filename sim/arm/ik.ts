import { atan2 } from '../math/trig.ts';
import { clamp } from '../math/vec.ts';
import { type ArmFrames, createFrames, forwardKinematics, jacobian } from './kinematics.ts';
import { HOME, JOINT_COUNT, JOINTS } from './panda.ts';

export interface IkOptions {
  /** Iterations at most. @default 50 */
  readonly maxIterations?: number;
  /** Position error accepted, m. @default 1e-4 */
  readonly positionTolerance?: number;
  /** Rotation error accepted, rad. @default 1e-3 */
  readonly rotationTolerance?: number;
}

export interface IkResult {
  readonly converged: boolean;
  readonly iterations: number;
}

const DAMPING = 0.05;
const NULL_SPACE_GAIN = 0.1;
/** Largest joint movement of one iteration, rad. */
const MAX_STEP = 0.3;
/** Kept between a solution and the joint limits, rad. */
const LIMIT_MARGIN = 0.01;
const ROWS = 6;

/**
 * Inverse kinematics by damped least squares.
 *
 * Minimises the pose error through the damped pseudo-inverse J⁺ = Jᵀ(JJᵀ + λ²I)⁻¹ and uses the
 * arm's seventh degree of freedom to stay near HOME: Δq = J⁺(e − Jn) + n, n = γ(HOME − q).
 * λ falls with the error, so that the last iterations are almost undamped; the pull towards HOME
 * leaves about a micrometre.
 *
 * One solver per caller: it keeps scratch memory between calls.
 *
 * @see Buss 2004, "Introduction to Inverse Kinematics", section 6
 */
export class IkSolver {
  readonly #frames: ArmFrames = createFrames();
  readonly #q = new Float64Array(JOINT_COUNT);
  readonly #error = new Float64Array(ROWS);
  readonly #jacobian = new Float64Array(ROWS * JOINT_COUNT);
  readonly #matrix = new Float64Array(ROWS * ROWS);
  readonly #solution = new Float64Array(ROWS);
  readonly #pull = new Float64Array(JOINT_COUNT);

  /**
   * Joint positions that bring the TCP to a pose.
   *
   * @param start    7 joint positions to begin from, rad
   * @param position target of the TCP, m
   * @param rotation target of the hand frame, 3×3 row-major
   * @param out      7 joint positions, rad; the last iterate when not converged
   * @cost about 3 µs when it follows a moving target
   */
  solve(
    start: ArrayLike<number>,
    position: ArrayLike<number>,
    rotation: ArrayLike<number>,
    out: Float64Array,
    options: IkOptions = {},
  ): IkResult {
    const { maxIterations = 50, positionTolerance = 1e-4, rotationTolerance = 1e-3 } = options;
    const q = this.#q;
    q.set(start);
    for (let iteration = 0; iteration < maxIterations; iteration++) {
      forwardKinematics(q, this.#frames);
      const { positionError, rotationError } = this.#poseError(position, rotation);
      if (positionError < positionTolerance && rotationError < rotationTolerance) {
        out.set(q);
        return { converged: true, iterations: iteration };
      }
      this.#step(DAMPING * DAMPING * Math.min(1, 4 * positionError + rotationError) + 1e-6);
    }
    out.set(q);
    return { converged: false, iterations: maxIterations };
  }

  /** Fills the six-vector of position error and of rotation error as axis × angle. */
  #poseError(position: ArrayLike<number>, rotation: ArrayLike<number>) {
    const { tcpPosition, tcpRotation: R } = this.#frames;
    const e = this.#error;
    for (let i = 0; i < 3; i++) e[i] = position[i] - tcpPosition[i];
    // The sum over the axes of (present axis × wanted axis) is 2·sin(angle)·axis of the rotation.
    let x = 0;
    let y = 0;
    let z = 0;
    let trace = 0;
    for (let i = 0; i < 3; i++) {
      x += R[3 + i] * rotation[6 + i] - R[6 + i] * rotation[3 + i];
      y += R[6 + i] * rotation[i] - R[i] * rotation[6 + i];
      z += R[i] * rotation[3 + i] - R[3 + i] * rotation[i];
      trace += R[i] * rotation[i] + R[3 + i] * rotation[3 + i] + R[6 + i] * rotation[6 + i];
    }
    const sine = Math.sqrt(x * x + y * y + z * z) / 2;
    const angle = atan2(sine, (trace - 1) / 2);
    const scale = sine > 1e-9 ? angle / (2 * sine) : 0.5;
    e[3] = x * scale;
    e[4] = y * scale;
    e[5] = z * scale;
    return {
      positionError: Math.sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]),
      rotationError: angle,
    };
  }

  #step(dampingSquared: number): void {
    const J = jacobian(this.#frames, this.#jacobian);
    const A = this.#matrix;
    for (let r = 0; r < ROWS; r++) {
      for (let s = r; s < ROWS; s++) {
        let dot = 0;
        for (let i = 0; i < JOINT_COUNT; i++) dot += J[7 * r + i] * J[7 * s + i];
        if (r === s) dot += dampingSquared;
        A[ROWS * r + s] = dot;
        A[ROWS * s + r] = dot;
      }
    }
    const q = this.#q;
    const pull = this.#pull;
    for (let i = 0; i < JOINT_COUNT; i++) pull[i] = NULL_SPACE_GAIN * (HOME[i] - q[i]);
    const y = this.#solution;
    for (let r = 0; r < ROWS; r++) {
      y[r] = this.#error[r];
      for (let i = 0; i < JOINT_COUNT; i++) y[r] -= J[7 * r + i] * pull[i];
    }
    solveCholesky(A, y);

    let largest = 0;
    for (let i = 0; i < JOINT_COUNT; i++) {
      for (let r = 0; r < ROWS; r++) pull[i] += J[7 * r + i] * y[r];
      largest = Math.max(largest, Math.abs(pull[i]));
    }
    const scale = largest > MAX_STEP ? MAX_STEP / largest : 1;
    for (let i = 0; i < JOINT_COUNT; i++) {
      const [low, high] = JOINTS[i].range;
      q[i] = clamp(q[i] + scale * pull[i], low + LIMIT_MARGIN, high - LIMIT_MARGIN);
    }
  }
}

/** Solves A·x = b in place for a symmetric positive definite 6×6 matrix; overwrites both. */
function solveCholesky(A: Float64Array, b: Float64Array): void {
  for (let r = 0; r < ROWS; r++) {
    for (let s = 0; s <= r; s++) {
      let value = A[ROWS * r + s];
      for (let k = 0; k < s; k++) value -= A[ROWS * r + k] * A[ROWS * s + k];
      A[ROWS * r + s] = r === s ? Math.sqrt(value) : value / A[ROWS * s + s];
    }
    for (let k = 0; k < r; k++) b[r] -= A[ROWS * r + k] * b[k];
    b[r] /= A[ROWS * r + r];
  }
  for (let r = ROWS - 1; r >= 0; r--) {
    for (let k = r + 1; k < ROWS; k++) b[r] -= A[ROWS * k + r] * b[k];
    b[r] /= A[ROWS * r + r];
  }
}
