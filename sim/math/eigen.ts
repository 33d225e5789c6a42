import type { Mat3 } from './rotation.ts';
import type { Vec3 } from './vec.ts';

/** A symmetric 3×3 matrix as xx, yy, zz, xy, xz, yz: the order in which robot models list inertia. */
export type Symmetric3 = readonly [number, number, number, number, number, number];

/**
 * Principal values and axes of a symmetric matrix, by cyclic Jacobi rotations.
 *
 * @returns values, and the right-handed rotation whose columns are their axes
 */
export function symmetricEigen(m: Symmetric3): { values: Vec3; axes: Mat3 } {
  const a = Float64Array.of(m[0], m[3], m[4], m[3], m[1], m[5], m[4], m[5], m[2]);
  const v = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  // A symmetric 3×3 matrix is diagonal to double precision after about six sweeps.
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ])
      rotateAway(a, v, p, q);
  }
  return { values: [a[0], a[4], a[8]], axes: v };
}

/** One Jacobi rotation that zeroes a[p,q] and accumulates itself into v. */
function rotateAway(a: Mat3, v: Mat3, p: number, q: number): void {
  const off = a[3 * p + q];
  if (Math.abs(off) < 1e-18) return;
  const theta = (a[4 * q] - a[4 * p]) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let i = 0; i < 3; i++) rotatePair(a, 3 * i + p, 3 * i + q, c, s);
  for (let i = 0; i < 3; i++) rotatePair(a, 3 * p + i, 3 * q + i, c, s);
  for (let i = 0; i < 3; i++) rotatePair(v, 3 * i + p, 3 * i + q, c, s);
}

function rotatePair(m: Mat3, i: number, j: number, c: number, s: number): void {
  const x = m[i];
  const y = m[j];
  m[i] = c * x - s * y;
  m[j] = s * x + c * y;
}
