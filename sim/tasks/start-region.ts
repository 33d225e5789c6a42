/**
 * The region of the table that starts of demonstrations cover: for each object, the convex hull of
 * the places where it lay. A policy has seen nothing outside of it.
 */
import type { InitialState } from './task.ts';

/** m */
export type TablePlace = readonly [x: number, y: number];
/** Corners of a convex region, counter-clockwise; one or two where the places span none. */
export type Hull = readonly TablePlace[];

/** m */
const NEARBY = 0.005;
/** Places of one start lie this far apart by rounding alone, m. */
const ROUNDING = 0.0005;

/**
 * The hull of each object's starts, in the task's order.
 *
 * @returns corners to a tenth of a millimetre; none where there are no starts
 * @cost O(n log n)
 */
export function hullsOf(starts: readonly Pick<InitialState, 'objects'>[]): readonly Hull[] {
  if (starts.length === 0) return [];
  return starts[0].objects.map((_, i) =>
    hullOf(starts.map(({ objects }): TablePlace => [round(objects[i][0]), round(objects[i][1])])),
  );
}

/** The convex hull of places, by Andrew's monotone chain (1979). */
export function hullOf(places: readonly TablePlace[]): Hull {
  const sorted = [...places].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const distinct = sorted.filter(
    ([x, y], i) => i === 0 || x !== sorted[i - 1][0] || y !== sorted[i - 1][1],
  );
  if (distinct.length < 3) return distinct;
  const chain = (points: readonly TablePlace[]) => {
    const corners: TablePlace[] = [];
    for (const point of points) {
      while (corners.length > 1) {
        const [a, b] = corners.slice(-2);
        if (turn(a, b, point) > 0) break;
        corners.pop();
      }
      corners.push(point);
    }
    return corners.slice(0, -1);
  };
  return [...chain(distinct), ...chain([...distinct].reverse())];
}

/**
 * How far a place lies outside of a region, m; 0 within, and on its edge.
 *
 * @param hull not empty
 */
export function distanceOutside(hull: Hull, place: TablePlace): number {
  if (hull.length > 2 && isWithin(hull, place)) return 0;
  const edges = hull.map((from, i) => distanceToEdge(from, hull[(i + 1) % hull.length], place));
  const nearest = Math.min(...edges);
  return nearest <= ROUNDING ? 0 : nearest;
}

/**
 * The objects that lie outside of their regions, by their place in the task's order. A hundred places
 * leave the corners of the area they were drawn from out by up to 5 mm: what is no farther is not
 * outside.
 */
export function objectsOutside(
  hulls: readonly Hull[],
  places: readonly TablePlace[],
): readonly number[] {
  return places.flatMap((place, i) => {
    const hull = hulls[i];
    return hull && hull.length > 0 && distanceOutside(hull, place) > NEARBY ? [i] : [];
  });
}

function isWithin(hull: Hull, place: TablePlace): boolean {
  return hull.every((from, i) => turn(from, hull[(i + 1) % hull.length], place) >= 0);
}

/** Positive where `c` lies to the left of the way from `a` to `b`. */
function turn(a: TablePlace, b: TablePlace, c: TablePlace): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

function distanceToEdge(from: TablePlace, to: TablePlace, place: TablePlace): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy;
  const along = (place[0] - from[0]) * dx + (place[1] - from[1]) * dy;
  const share = length > 0 ? Math.max(0, Math.min(1, along / length)) : 0;
  const [x, y] = [place[0] - from[0] - share * dx, place[1] - from[1] - share * dy];
  return Math.sqrt(x * x + y * y);
}

function round(value: number): number {
  const rounded = Math.round(value * 1e4) / 1e4;
  // −0 would be written as 0 and come back as another number.
  return rounded === 0 ? 0 : rounded;
}
