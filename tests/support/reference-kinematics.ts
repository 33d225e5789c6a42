/**
 * The Panda's kinematics written a second time, from the maker's table and with 4×4 matrices:
 * the oracle for the code under test, with which it shares nothing.
 *
 * Franka Control Interface documentation, "Denavit–Hartenberg parameters" (Craig's convention).
 */

/** a (m), d (m), α (rad) of the seven joints. */
const TABLE: readonly (readonly [number, number, number])[] = [
  [0, 0.333, 0],
  [0, 0, -Math.PI / 2],
  [0, 0.316, Math.PI / 2],
  [0.0825, 0, Math.PI / 2],
  [-0.0825, 0.384, -Math.PI / 2],
  [0, 0, Math.PI / 2],
  [0.088, 0, Math.PI / 2],
];
/** From the last joint to the flange, and from the hand on it to the TCP, m. */
const FLANGE = 0.107;
const HAND = 0.1034;

/** Lower and upper position limits, rad, of the same documentation. */
export const JOINT_LIMITS: readonly (readonly [number, number])[] = [
  [-2.8973, 2.8973],
  [-1.7628, 1.7628],
  [-2.8973, 2.8973],
  [-3.0718, -0.0698],
  [-2.8973, 2.8973],
  [-0.0175, 3.7525],
  [-2.8973, 2.8973],
];

/** 4×4 homogeneous transform, row-major. */
export type Transform = readonly number[];

const IDENTITY: Transform = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

function multiply(a: Transform, b: Transform): Transform {
  return a.map((_, at) => {
    const row = at - (at % 4);
    const column = at % 4;
    return [0, 1, 2, 3].reduce((sum, k) => sum + a[row + k] * b[4 * k + column], 0);
  });
}

/** Craig, *Introduction to Robotics*, eq. 3.6. */
function link(a: number, d: number, alpha: number, q: number): Transform {
  const [ca, sa, cq, sq] = [Math.cos(alpha), Math.sin(alpha), Math.cos(q), Math.sin(q)];
  return [
    ...[cq, -sq, 0, a],
    ...[sq * ca, cq * ca, -sa, -d * sa],
    ...[sq * sa, cq * sa, ca, d * ca],
    ...[0, 0, 0, 1],
  ];
}

/** Poses of the seven links, then of the hand's frame at the TCP. */
export function referenceChain(q: ArrayLike<number>): Transform[] {
  const poses: Transform[] = [];
  let pose = IDENTITY;
  TABLE.forEach(([a, d, alpha], i) => {
    pose = multiply(pose, link(a, d, alpha, q[i]));
    poses.push(pose);
  });
  poses.push(multiply(pose, link(0, FLANGE + HAND, 0, -Math.PI / 4)));
  return poses;
}

export function positionOf(pose: Transform): [number, number, number] {
  return [pose[3], pose[7], pose[11]];
}

export function rotationOf(pose: Transform): number[] {
  return [0, 1, 2].flatMap((row) => pose.slice(4 * row, 4 * row + 3));
}
