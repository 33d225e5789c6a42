import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placesAt, placesBetween } from '../../../../client/features/lesson/ways.ts';

/** Two points over three stations. */
const WAYS = { stations: Float32Array.of(0, 0, 1, 1, 2, 0, 1, 3, 4, 2, 5, 5), count: 2 };

const ways = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 9 }))
  .chain(([count, stations]) =>
    fc
      .array(fc.float({ min: -2, max: 2, noNaN: true }), {
        minLength: 2 * count * stations,
        maxLength: 2 * count * stations,
      })
      .map((numbers) => ({ stations: Float32Array.from(numbers), count })),
  );
const moment = fc.double({ min: 0, max: 1, noNaN: true });

describe('points on their ways', () => {
  it('stand at the stations in equal times, and between them in between', () => {
    expect([...placesAt(WAYS, 0)]).toEqual([0, 0, 1, 1]);
    expect([...placesAt(WAYS, 0.5)]).toEqual([2, 0, 1, 3]);
    expect([...placesAt(WAYS, 0.75)]).toEqual([3, 1, 3, 4]);
    expect([...placesAt(WAYS, 1)]).toEqual([4, 2, 5, 5]);
  });

  it('pass every station that lies between two moments', () => {
    const corners = placesBetween(WAYS, 0.25, 1).map((places) => [...places]);
    expect(corners).toEqual([
      [1, 0, 1, 2],
      [2, 0, 1, 3],
      [4, 2, 5, 5],
    ]);
  });

  it('go as far in one stretch as in two', () => {
    const length = (corners: readonly Float32Array[]) =>
      corners.slice(1).reduce((sum, places, i) => {
        const before = corners[i];
        return sum + Math.hypot(places[0] - before[0], places[1] - before[1]);
      }, 0);
    fc.assert(
      fc.property(ways, moment, moment, moment, (way, a, b, c) => {
        const [from, middle, to] = [a, b, c].sort((x, y) => x - y);
        const once = length(placesBetween(way, from, to));
        const twice =
          length(placesBetween(way, from, middle)) + length(placesBetween(way, middle, to));
        expect(twice).toBeCloseTo(once, 3);
      }),
    );
  });
});
