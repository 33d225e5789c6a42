import { cos, sin } from './trig.ts';
import type { Quat, Vec3 } from './vec.ts';

/** 3×3 matrix, row-major. As a rotation its columns are the axes of the rotated frame. */
export type Mat3 = Float64Array;

/** Rotation by `angle` rad about the unit vector `axis`. */
export function quatFromAxisAngle(axis: Vec3, angle: number): Quat {
  const s = sin(angle / 2);
  return { x: axis[0] * s, y: axis[1] * s, z: axis[2] * s, w: cos(angle / 2) };
}

/** The rotation `b` followed by the rotation `a`. */
export function quatMultiply(a: Quat, b: Quat): Quat {
  return {
    x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
    y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
    z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
    w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
  };
}

/** Shepperd's method: never divides by a small component, so it loses no precision. */
export function quatFromMatrix(m: Mat3): Quat {
  const trace = m[0] + m[4] + m[8];
  if (trace > 0) {
    const s = 2 * Math.sqrt(1 + trace);
    return { x: (m[7] - m[5]) / s, y: (m[2] - m[6]) / s, z: (m[3] - m[1]) / s, w: s / 4 };
  }
  if (m[0] > m[4] && m[0] > m[8]) {
    const s = 2 * Math.sqrt(1 + m[0] - m[4] - m[8]);
    return { x: s / 4, y: (m[1] + m[3]) / s, z: (m[2] + m[6]) / s, w: (m[7] - m[5]) / s };
  }
  if (m[4] > m[8]) {
    const s = 2 * Math.sqrt(1 + m[4] - m[0] - m[8]);
    return { x: (m[1] + m[3]) / s, y: s / 4, z: (m[5] + m[7]) / s, w: (m[2] - m[6]) / s };
  }
  const s = 2 * Math.sqrt(1 + m[8] - m[0] - m[4]);
  return { x: (m[2] + m[6]) / s, y: (m[5] + m[7]) / s, z: s / 4, w: (m[3] - m[1]) / s };
}

/** @param m [9], overwritten. @default a new one, which takes ten times as long */
export function matrixFromQuat({ x, y, z, w }: Quat, m: Mat3 = new Float64Array(9)): Mat3 {
  m[0] = 1 - 2 * (y * y + z * z);
  m[1] = 2 * (x * y - z * w);
  m[2] = 2 * (x * z + y * w);
  m[3] = 2 * (x * y + z * w);
  m[4] = 1 - 2 * (x * x + z * z);
  m[5] = 2 * (y * z - x * w);
  m[6] = 2 * (x * z - y * w);
  m[7] = 2 * (y * z + x * w);
  m[8] = 1 - 2 * (x * x + y * y);
  return m;
}

/** Hand pointing straight down, its x axis at `yaw` rad from the world's x axis. */
export function handDown(yaw: number): Mat3 {
  const c = cos(yaw);
  const s = sin(yaw);
  return Float64Array.of(c, s, 0, s, -c, 0, 0, 0, -1);
}
