import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSeed } from '../../../sim/index.ts';
import {
  distanceOutside,
  hullOf,
  hullsOf,
  objectsOutside,
  type TablePlace,
} from '../../../sim/tasks/start-region.ts';
import { task } from '../../support/simulation.ts';

const SQUARE: readonly TablePlace[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

describe('the region of starts', () => {
  it('has the outermost places as its corners, counter-clockwise', () => {
    expect(hullOf([[0.5, 0.5], ...SQUARE, [0.5, 0], [0.2, 0.7]])).toEqual(SQUARE);
  });

  it('holds every place it was made of, whatever they are', () => {
    const place = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.integer().map((n) => (n % 7) / 7),
    );
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 30 }), (places) => {
        const hull = hullOf(places);
        return places.every((each) => distanceOutside(hull, each) === 0);
      }),
    );
  });

  it.each<[string, readonly TablePlace[], TablePlace, number]>([
    ['beside an edge', SQUARE, [1.3, 0.5], 0.3],
    ['off a corner', SQUARE, [1.3, 1.4], 0.5],
    ['within', SQUARE, [0.9, 0.1], 0],
    [
      'of a line',
      [
        [0, 0],
        [1, 0],
      ],
      [0.5, 0.2],
      0.2,
    ],
    ['of one place', [[0.3, 0.3]], [0.3, 0.7], 0.4],
  ])('says how far a place lies outside: %s', (_, places, place, expected) => {
    expect(distanceOutside(hullOf(places), place)).toBeCloseTo(expected, 12);
  });

  it('is one for each object, and names those that lie outside of theirs', () => {
    const starts = SQUARE.map(([x, y]) => ({
      objects: [
        [x, y, 0],
        [x + 5, y, 0],
      ] as const,
    }));
    const hulls = hullsOf(starts);
    expect(hulls).toHaveLength(2);
    expect(
      objectsOutside(hulls, [
        [0.5, 0.5],
        [0.5, 0.5],
      ]),
    ).toEqual([1]);
    // The edge of what was seen is no wall.
    expect(
      objectsOutside(hulls, [
        [1.004, 0.5],
        [6.006, 0.5],
      ]),
    ).toEqual([1]);
    expect(objectsOutside([], [[0.5, 0.5]])).toEqual([]);
  });

  it('of a hundred starts holds those of evaluations, which are drawn alike', () => {
    const starts = (purpose: 'demonstration' | 'evaluation', count: number) =>
      Array.from({ length: count }, (_, i) => task.sampleInitialState(startSeed(purpose, 0, i)));
    const hulls = hullsOf(starts('demonstration', 100));
    const outside = starts('evaluation', 400).filter(({ objects }) => {
      return objectsOutside(hulls, [[objects[0][0], objects[0][1]]]).length > 0;
    });
    expect(outside).toEqual([]);
  });
});
