import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rolloutGrid } from '../../../server/lab/evaluate.ts';

const counts = fc.integer({ min: 1, max: 3000 });

function perStart(rollouts: number): number[] {
  const sizes = new Map<number, number>();
  for (const { start } of rolloutGrid(rollouts)) sizes.set(start, (sizes.get(start) ?? 0) + 1);
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
  expect(perStart(rollouts)).toEqual(sizes);
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
