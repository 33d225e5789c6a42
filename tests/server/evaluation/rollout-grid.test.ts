import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GridCell, rolloutGrid } from '../../../server/evaluation/evaluate.ts';

const counts = fc.integer({ min: 1, max: 3000 });

function perStart(grid: readonly GridCell[]): number[] {
  const sizes = new Map<number, number>();
  for (const { start } of grid) sizes.set(start, (sizes.get(start) ?? 0) + 1);
  return [...sizes.values()];
}

it('400 rollouts are 20 starts times 20 noise seeds', () => {
  const grid = rolloutGrid(400);
  expect(new Set(grid.map(({ start }) => start)).size).toBe(20);
  expect(new Set(grid.map(({ noise }) => noise)).size).toBe(20);
});

it.each([
  [1, [1]],
  [2, [2]],
  [3, [3]],
  [4, [2, 2]],
  [5, [3, 2]],
  [10, [4, 4, 2]],
])('%d rollouts have %j a start', (rollouts, sizes) => {
  expect(perStart(rolloutGrid(rollouts))).toEqual(sizes);
});

it('there are as many cells as rollouts, and no two alike', () => {
  fc.assert(
    fc.property(counts, (rollouts) => {
      const grid = rolloutGrid(rollouts);
      expect(grid).toHaveLength(rollouts);
      expect(new Set(grid.map(({ start, noise }) => `${start} ${noise}`)).size).toBe(rollouts);
    }),
  );
});

it('about the root of the rollouts are starts, numbered from 0, each in one piece', () => {
  fc.assert(
    fc.property(counts, (rollouts) => {
      const starts = rolloutGrid(rollouts).map(({ start }) => start);
      expect(new Set(starts).size).toBe(Math.floor(Math.sqrt(rollouts)));
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      expect(Math.max(...starts)).toBe(new Set(starts).size - 1);
    }),
  );
});

describe('with a number of starts', () => {
  const asked = counts.chain((rollouts) =>
    fc.tuple(fc.constant(rollouts), fc.integer({ min: 1, max: rollouts })),
  );
  const cellsOf = (grid: readonly GridCell[]) =>
    grid.map(({ start, noise }) => `${start}/${noise}`);

  it('there are so many, numbered from 0, each with as many rollouts as any other or one more', () => {
    fc.assert(
      fc.property(asked, ([rollouts, starts]) => {
        fc.pre(starts !== Math.floor(Math.sqrt(rollouts)));
        const grid = rolloutGrid(rollouts, starts);
        expect(new Set(cellsOf(grid)).size).toBe(rollouts);
        expect([...new Set(grid.map(({ start }) => start))]).toEqual([...new Array(starts).keys()]);
        const sizes = perStart(grid);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    [100, 100, new Array(100).fill(1)],
    [100, 25, new Array(25).fill(4)],
    [7, 5, [2, 2, 1, 1, 1]],
    [7, 1, [7]],
  ])('%d rollouts from %d have %j a start', (rollouts, starts, sizes) => {
    expect(perStart(rolloutGrid(rollouts, starts))).toEqual(sizes);
  });

  it('a start has the first of the noise seeds, so its rollouts are among those of other grids', () => {
    fc.assert(
      fc.property(asked, ([rollouts, starts]) => {
        const widest = Math.ceil(rollouts / starts);
        const all = new Set(cellsOf(rolloutGrid(starts * widest, starts)));
        expect(cellsOf(rolloutGrid(rollouts, starts)).every((cell) => all.has(cell))).toBe(true);
        expect(new Set(rolloutGrid(rollouts, starts).map(({ noise }) => noise))).toEqual(
          new Set(new Array(widest).keys()),
        );
      }),
    );
  });

  it('that is the usual one, the grid is the usual one', () => {
    fc.assert(
      fc.property(counts, (rollouts) => {
        const starts = Math.floor(Math.sqrt(rollouts));
        expect(rolloutGrid(rollouts, starts)).toEqual(rolloutGrid(rollouts));
      }),
    );
  });

  it.each([0, 5, 1.5, -1, Number.NaN])('%d cannot begin 4 rollouts', (starts) => {
    expect(() => rolloutGrid(4, starts)).toThrow(
      `starts: expected 1 to 4, as each begins a rollout, got ${starts}`,
    );
  });
});
