import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustLogEValues, letters } from '../../../server/statistics/index.ts';

function adjusted(values: readonly number[]): number[] {
  return adjustLogEValues(values.map(Math.log)).map(Math.exp);
}

/** All sets of numbers below `count`. */
function subsets(count: number): number[][] {
  return Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, i) => i).filter((i) => (bits >> i) & 1),
  );
}

const eValues = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), {
  minLength: 1,
  maxLength: 7,
});

describe('adjusted e-values', () => {
  it('are the smallest averages of each with any others: the closed test, set by set', () => {
    fc.assert(
      fc.property(eValues, (values) => {
        const closed = values.map((_, own) =>
          Math.min(
            ...subsets(values.length)
              .filter((set) => set.includes(own))
              .map((set) => set.reduce((sum, i) => sum + values[i], 0) / set.length),
          ),
        );
        adjusted(values).forEach((value, i) => {
          expect(value / closed[i]).toBeCloseTo(1, 9);
        });
      }),
    );
  });

  it('are never less than those of Bonferroni and Holm, nor more than themselves', () => {
    fc.assert(
      fc.property(eValues, (values) => {
        const descending = [...values].sort((a, b) => b - a);
        // Holm: the k-th largest over how many are not larger, and never more than one before it.
        const holm = descending.map((_, k) =>
          Math.min(...descending.slice(0, k + 1).map((each, j) => each / (values.length - j))),
        );
        adjusted(values).forEach((value, i) => {
          const rank = descending.indexOf(values[i]);
          expect(value).toBeGreaterThanOrEqual(holm[rank] * (1 - 1e-9));
          expect(value).toBeLessThanOrEqual(values[i] * (1 + 1e-9));
        });
      }),
    );
  });

  it('of one hypothesis, and of several alike, are what they were', () => {
    expect(adjusted([7])[0]).toBeCloseTo(7, 12);
    for (const value of adjusted([30, 30, 30])) expect(value).toBeCloseTo(30, 12);
    expect(adjustLogEValues([])).toEqual([]);
  });
});

describe('letters', () => {
  /** By the pairs that are told apart. */
  const of = (count: number, pairs: readonly (readonly [number, number])[]) =>
    letters(count, (one, other) => pairs.some(([a, b]) => a === one && b === other));

  it('are one where nothing is told apart, and one each where everything is', () => {
    expect(of(3, [])).toEqual(['a', 'a', 'a']);
    expect(
      of(3, [
        [0, 1],
        [0, 2],
        [1, 2],
      ]),
    ).toEqual(['a', 'b', 'c']);
    expect(of(1, [])).toEqual(['a']);
    expect(of(0, [])).toEqual([]);
  });

  it('overlap where one in the middle is like both of its neighbours', () => {
    expect(of(3, [[0, 2]])).toEqual(['a', 'ab', 'b']);
  });

  it('run down a row of eight in which only the distant are told apart', () => {
    // Alike are 0 to 5, 2 to 6, and 4 to 7.
    const differing = [
      [0, 6],
      [0, 7],
      [1, 6],
      [1, 7],
      [2, 7],
      [3, 7],
    ] as const;
    expect(of(8, differing)).toEqual(['a', 'a', 'ab', 'ab', 'abc', 'abc', 'bc', 'c']);
  });

  it('are shared by two policies exactly where they are not told apart', () => {
    const graph = fc
      .integer({ min: 1, max: 8 })
      .chain((count) =>
        fc.tuple(fc.constant(count), fc.array(fc.boolean(), { minLength: 64, maxLength: 64 })),
      );
    fc.assert(
      fc.property(graph, ([count, apart]) => {
        const toldApart = (one: number, other: number) => apart[8 * one + other];
        const given = letters(count, toldApart);
        for (let one = 0; one < count; one++) {
          expect(given[one]).toMatch(/^[a-z]+$/);
          for (let other = one + 1; other < count; other++) {
            const shared = [...given[one]].some((letter) => given[other].includes(letter));
            expect(shared).toBe(!toldApart(one, other));
          }
        }
        // None is superfluous: a letter's policies are not all among another's.
        const all = [...new Set(given.join(''))];
        for (const letter of all) {
          const holders = given.filter((each) => each.includes(letter));
          const absorbed = all.some(
            (other) => other !== letter && holders.every((each) => each.includes(other)),
          );
          expect(absorbed).toBe(false);
        }
      }),
    );
  });
});
