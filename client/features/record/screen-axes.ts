import type { Vec3 } from '../../../sim/index.ts';
import type { HeldTimes } from './clutch.ts';

/** Directions of the table as the camera shows them: unit vectors along the world's x or y. */
export interface ScreenAxes {
  readonly right: readonly [x: number, y: number];
  readonly away: readonly [x: number, y: number];
}

/** As seen from in front of the robot. */
export const FRONT_AXES: ScreenAxes = { right: [0, 1], away: [-1, 0] };

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * What a key's direction means on the table: the world axis that points most nearly there on the
 * screen. Whole axes, so that a key moves the hand straight whatever way the camera is turned.
 *
 * @param origin,alongX,alongY where a point and its neighbours along +x and +y appear, CSS px,
 *        y down; null where they are not in the picture
 */
export function screenAxes(
  origin: Point | null,
  alongX: Point | null,
  alongY: Point | null,
): ScreenAxes {
  if (!origin || !alongX || !alongY) return FRONT_AXES;
  const x = { right: alongX.x - origin.x, up: origin.y - alongX.y };
  const y = { right: alongY.x - origin.x, up: origin.y - alongY.y };
  // One axis is the screen's "right"; the other, turned by a quarter, is then "away".
  if (Math.abs(x.right) > Math.abs(y.right)) {
    return { right: [Math.sign(x.right), 0], away: [0, Math.sign(y.up) || 1] };
  }
  return { right: [0, Math.sign(y.right) || 1], away: [Math.sign(x.up) || -1, 0] };
}

/** How far the keys held for these times move the hand, m. */
export function displacement(times: HeldTimes, axes: ScreenAxes, speed: number): Vec3 {
  const sideways = times.right - times.left;
  const forward = times.away - times.near;
  return [
    speed * (sideways * axes.right[0] + forward * axes.away[0]),
    speed * (sideways * axes.right[1] + forward * axes.away[1]),
    speed * (times.up - times.down),
  ];
}
