import type { Background, Place } from './cat.ts';

/**
 * How far a pixel takes the colour below: 0 above, 1 below.
 *
 * @param x, y   the pixel's middle, −1 … 1, y downwards
 * @param pixel  its width
 */
export function lowerShare(
  { place, horizon }: Pick<Background, 'place' | 'horizon'>,
  x: number,
  y: number,
  pixel: number,
): number {
  if (place === 'wall') return (y + 1) / 2;
  const edge = horizon + CURVES[place](x);
  return Math.min(1, Math.max(0, 0.5 + (y - edge) / pixel));
}

/** The edge's shape, added to the horizon. */
const CURVES: Readonly<Record<Exclude<Place, 'wall'>, (x: number) => number>> = {
  room: () => 0,
  meadow: (x) => 0.16 * (x - 0.3) * (x - 0.3),
  space: (x) => 0.1 * x * x,
};

/** x, y and radius of the stars in space. */
const STARS: readonly (readonly [number, number, number])[] = [
  [-0.86, -0.8, 0.03],
  [-0.5, -0.92, 0.022],
  [-0.68, -0.38, 0.022],
  [-0.92, 0.02, 0.03],
  [0.2, -0.88, 0.022],
  [0.56, -0.7, 0.03],
  [0.9, -0.86, 0.022],
  [0.82, -0.3, 0.03],
  [0.64, 0.06, 0.022],
  [-0.28, -0.62, 0.022],
];

/** How bright a star is at a pixel, 0 … 1. */
export function starLight(x: number, y: number, pixel: number): number {
  let light = 0;
  for (const [sx, sy, r] of STARS) {
    const dx = Math.abs(x - sx);
    const dy = Math.abs(y - sy);
    if (dx > 0.1 || dy > 0.1) continue;
    const inside = 0.5 - (Math.sqrt(dx * dx + dy * dy) - r) / pixel;
    light = Math.max(light, Math.min(1, Math.max(0, inside)));
  }
  return light;
}
