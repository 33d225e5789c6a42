import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rolloutGrid } from '../../../server/evaluation/evaluate.ts';
import { fewStarts, leastP, startsToReach, usualStarts } from '../../../server/protocol/starts.ts';
import { mcnemar } from '../../../server/statistics/index.ts';

describe('the smallest p', () => {
  it('is what the test gives where one policy always succeeds and the other never', () => {
    for (let starts = 1; starts <= 40; starts++) {
      expect(leastP(starts)).toBeCloseTo(mcnemar(new Array(starts).fill(3)), 12);
    }
  });

  it('is undercut by no outcome', () => {
    const differences = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(differences, (each) => {
        expect(mcnemar(each)).toBeGreaterThanOrEqual(leastP(each.length) * (1 - 1e-12));
      }),
    );
  });
});

it.each([0.05, 0.01, 0.001, 0.5, 0.25])(
  '%d is reached with the starts it takes, not with one less',
  (level) => {
    const starts = startsToReach(level);
    expect(leastP(starts)).toBeLessThanOrEqual(level);
    expect(leastP(starts - 1)).toBeGreaterThan(level);
  },
);

describe('what is said of few starts', () => {
  const comparison = (starts: number, ...ps: number[]) => ({
    starts,
    paired: ps.map((mcnemarP) => ({ a: 'a', b: 'b', mcnemarP })),
  });

  it('of five, which bound p at 0.0625, names those that it takes for 0.05 and 0.01', () => {
    for (const p of [0.0625, 1]) {
      expect(fewStarts(comparison(5, p))).toEqual({
        starts: 5,
        least: 0.0625,
        needed: [
          { level: 0.05, starts: 6 },
          { level: 0.01, starts: 8 },
        ],
      });
    }
  });

  it('of six or seven names those that it takes for 0.01', () => {
    for (const starts of [6, 7]) {
      expect(fewStarts(comparison(starts, 1))?.needed).toEqual([{ level: 0.01, starts: 8 }]);
    }
  });

  it('of more is nothing, unless a p is at its bound or next to it', () => {
    expect(fewStarts(comparison(10, 0.04, 0.3))).toBeNull();
    expect(fewStarts(comparison(10, 0.3, leastP(10)))).toEqual({
      starts: 10,
      least: 2 ** -9,
      needed: [{ level: 0.001, starts: 11 }],
    });
    expect(fewStarts(comparison(20, leastP(20)))).toBeNull();
  });

  it('is nothing where there is one policy, and no p', () => {
    expect(fewStarts(comparison(5))).toBeNull();
  });
});

it('the usual number of starts is that of the grid', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (rollouts) => {
      const starts = new Set(rolloutGrid(rollouts).map(({ start }) => start)).size;
      expect(usualStarts(rollouts)).toBe(starts);
    }),
  );
});
