import type { Placing } from '../../../sim/tasks/task.ts';

/** Where an object lies on the table, m. */
export type Place = readonly [x: number, y: number];

/** Where objects lie that are somewhere in space. */
export function placesOf(positions: readonly ArrayLike<number>[]): readonly Place[] {
  return positions.map(({ 0: x, 1: y }) => [x, y]);
}

/** The task takes its bounds literally, and a bound rounded to f32 can lie beyond itself. m */
const MARGIN = 0.001;
/** Directions tried for a place beside another object. */
const DIRECTIONS = 360;

/** Where an object may be put, m. */
export function boundsOf({ x, y }: Placing): {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
} {
  return { x: [x[0] + MARGIN, x[1] - MARGIN], y: [y[0] + MARGIN, y[1] - MARGIN] };
}

/**
 * The nearest place an object may be put, to the millimetre.
 *
 * @param others where the task's other objects lie; at most one of them is too near to any place
 */
export function nearestPlace(
  placing: Placing,
  x: number,
  y: number,
  others: readonly Place[] = [],
): Place {
  const here = within(placing, x, y);
  const near = others.find((other) => !areApart(placing, here, other));
  if (!near) return here;
  const reach = placing.apart + MARGIN;
  const around = Array.from({ length: DIRECTIONS }, (_, i) => {
    const angle = (2 * Math.PI * i) / DIRECTIONS;
    return within(placing, near[0] + reach * Math.cos(angle), near[1] + reach * Math.sin(angle));
  }).filter((place) => areApart(placing, place, near));
  const distanceTo = (place: Place) => Math.hypot(place[0] - x, place[1] - y);
  return around.sort((a, b) => distanceTo(a) - distanceTo(b))[0] ?? here;
}

/** Whether a task takes objects that lie there together. */
export function areApart({ apart }: Placing, a: Place, b: Place): boolean {
  return Math.hypot(a[0] - b[0], a[1] - b[1]) >= apart;
}

function within(placing: Placing, x: number, y: number): Place {
  const bounds = boundsOf(placing);
  return [inside(x, bounds.x), inside(y, bounds.y)];
}

function inside(value: number, [low, high]: readonly [number, number]): number {
  const rounded = Math.round(Math.max(low, Math.min(high, value)) * 1000) / 1000;
  // −0 would be written as 0 and come back as another number.
  return rounded === 0 ? 0 : rounded;
}
