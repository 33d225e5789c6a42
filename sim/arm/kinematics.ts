import { cos, sin } from '../math/trig.ts';
import { HAND_YAW_COS, HAND_YAW_SIN, JOINT_COUNT, JOINTS, TCP_OFFSET } from './panda.ts';

/** World poses of the seven links and of the hand, filled by `forwardKinematics`. */
export interface ArmFrames {
  /** Link origins, [7 × 3], m. */
  readonly linkPosition: Float64Array;
  /** Link rotations, [7 × 9], row-major. */
  readonly linkRotation: Float64Array;
  /** Point between the finger tips, [3], m. */
  readonly tcpPosition: Float64Array;
  /** Hand frame, [9], row-major: z along the fingers, y the axis they slide on. */
  readonly tcpRotation: Float64Array;
}

export function createFrames(): ArmFrames {
  return {
    linkPosition: new Float64Array(3 * JOINT_COUNT),
    linkRotation: new Float64Array(9 * JOINT_COUNT),
    tcpPosition: new Float64Array(3),
    tcpRotation: new Float64Array(9),
  };
}

/**
 * Poses of all links and of the TCP for joint positions `q`.
 *
 * Link i is reached from link i−1 by Rx(twist)·Tx(a)·Rz(q)·Tz(d) (Craig, *Introduction to
 * Robotics*, eq. 3.6).
 *
 * @param q   7 joint positions, rad
 * @param out overwritten
 * @cost about 0.5 µs
 */
export function forwardKinematics(q: ArrayLike<number>, out: ArmFrames): ArmFrames {
  const { linkPosition: P, linkRotation: R, tcpPosition, tcpRotation } = out;
  let px = 0;
  let py = 0;
  let pz = 0;
  let r00 = 1;
  let r01 = 0;
  let r02 = 0;
  let r10 = 0;
  let r11 = 1;
  let r12 = 0;
  let r20 = 0;
  let r21 = 0;
  let r22 = 1;
  for (let i = 0; i < JOINT_COUNT; i++) {
    const { a, d, twist } = JOINTS[i];
    const ty = -twist.sin * d;
    const tz = twist.cos * d;
    px += r00 * a + r01 * ty + r02 * tz;
    py += r10 * a + r11 * ty + r12 * tz;
    pz += r20 * a + r21 * ty + r22 * tz;

    const c = cos(q[i]);
    const s = sin(q[i]);
    // Columns of Rx(twist), then turned by Rz(q) within the plane of the first two.
    const y0 = r01 * twist.cos + r02 * twist.sin;
    const y1 = r11 * twist.cos + r12 * twist.sin;
    const y2 = r21 * twist.cos + r22 * twist.sin;
    const z0 = r02 * twist.cos - r01 * twist.sin;
    const z1 = r12 * twist.cos - r11 * twist.sin;
    const z2 = r22 * twist.cos - r21 * twist.sin;
    const x0 = r00;
    const x1 = r10;
    const x2 = r20;
    r00 = x0 * c + y0 * s;
    r10 = x1 * c + y1 * s;
    r20 = x2 * c + y2 * s;
    r01 = y0 * c - x0 * s;
    r11 = y1 * c - x1 * s;
    r21 = y2 * c - x2 * s;
    r02 = z0;
    r12 = z1;
    r22 = z2;

    P[3 * i] = px;
    P[3 * i + 1] = py;
    P[3 * i + 2] = pz;
    const o = 9 * i;
    R[o] = r00;
    R[o + 1] = r01;
    R[o + 2] = r02;
    R[o + 3] = r10;
    R[o + 4] = r11;
    R[o + 5] = r12;
    R[o + 6] = r20;
    R[o + 7] = r21;
    R[o + 8] = r22;
  }
  tcpPosition[0] = px + r02 * TCP_OFFSET;
  tcpPosition[1] = py + r12 * TCP_OFFSET;
  tcpPosition[2] = pz + r22 * TCP_OFFSET;
  handRotation(R, 9 * (JOINT_COUNT - 1), tcpRotation);
  return out;
}

/** Rotation of the hand from that of the last link, which begins at `offset` of `link`. */
function handRotation(link: Float64Array, offset: number, out: Float64Array): Float64Array {
  for (let row = 0; row < 9; row += 3) {
    const x = link[offset + row];
    const y = link[offset + row + 1];
    out[row] = x * HAND_YAW_COS + y * HAND_YAW_SIN;
    out[row + 1] = y * HAND_YAW_COS - x * HAND_YAW_SIN;
    out[row + 2] = link[offset + row + 2];
  }
  return out;
}

/**
 * Geometric Jacobian of the TCP: six rows (linear, then angular velocity) of seven columns.
 *
 * @param frames as filled by `forwardKinematics`
 * @param out    [6 × 7], row-major, overwritten
 */
export function jacobian(frames: ArmFrames, out: Float64Array): Float64Array {
  const { linkPosition: P, linkRotation: R, tcpPosition } = frames;
  for (let i = 0; i < JOINT_COUNT; i++) {
    const zx = R[9 * i + 2];
    const zy = R[9 * i + 5];
    const zz = R[9 * i + 8];
    const dx = tcpPosition[0] - P[3 * i];
    const dy = tcpPosition[1] - P[3 * i + 1];
    const dz = tcpPosition[2] - P[3 * i + 2];
    out[i] = zy * dz - zz * dy;
    out[7 + i] = zz * dx - zx * dz;
    out[14 + i] = zx * dy - zy * dx;
    out[21 + i] = zx;
    out[28 + i] = zy;
    out[35 + i] = zz;
  }
  return out;
}
