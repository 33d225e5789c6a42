import fc from 'fast-check';
import { expect, it } from 'vitest';
import { computeStatistics, poolStatistics } from '../../../demos/store/index.ts';
import { poolAllStatistics } from '../../../demos/store/statistics.ts';

it('has the closed forms of an arithmetic series', () => {
  const n = 101;
  // In no order, and beside a constant column.
  const flat = Array.from({ length: n }, (_, i) => [(i * 37) % n, -0.5]).flat();
  const { std, ...rest } = computeStatistics(flat, 2);
  expect(rest).toEqual({
    count: n,
    min: [0, -0.5],
    max: [100, -0.5],
    mean: [50, -0.5],
    q01: [1, -0.5],
    q10: [10, -0.5],
    q50: [50, -0.5],
    q90: [90, -0.5],
    q99: [99, -0.5],
  });
  expect(std[0]).toBeCloseTo(Math.sqrt((n * n - 1) / 12), 12);
  expect(std[1]).toBe(0);
});

it('interpolates quantiles between ranks', () => {
  const { q01, q10, q50, q90, q99 } = computeStatistics([3, 1], 1);
  expect([q01, q10, q50, q90, q99].flat()).toEqual([1.02, 1.2, 2, 2.8, 2.98]);
});

it('orders numbers, not their digits', () => {
  expect(computeStatistics([-1, 10, -20, 9, 2], 1)).toMatchObject({
    min: [-20],
    max: [10],
    q50: [2],
  });
});

it('is the value itself for a single row', () => {
  const { count, std, ...values } = computeStatistics([7, -3], 2);
  expect({ count, std }).toEqual({ count: 1, std: [0, 0] });
  for (const vector of Object.values(values)) expect(vector).toEqual([7, -3]);
});

it.each([
  [[], 2],
  [[1, 2, 3], 2],
])('refuses %j as rows of %d', (flat, width) => {
  expect(() => computeStatistics(flat, width)).toThrow(RangeError);
});

const rows = fc.array(
  fc.tuple(fc.double({ min: -10, max: 10, noNaN: true }), fc.integer({ min: -5, max: 5 })),
  { minLength: 1, maxLength: 20 },
);

it('pools parts to the statistics of all rows', () => {
  fc.assert(
    fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (parts) => {
      const pooled = poolStatistics(parts.map((part) => computeStatistics(part.flat(), 2)));
      const whole = computeStatistics(parts.flat(2), 2);
      expect(pooled.count).toBe(whole.count);
      expect(pooled.min).toEqual(whole.min);
      expect(pooled.max).toEqual(whole.max);
      for (const column of [0, 1]) {
        expect(pooled.mean[column]).toBeCloseTo(whole.mean[column], 9);
        expect(pooled.std[column]).toBeCloseTo(whole.std[column], 6);
      }
    }),
  );
});

it('pools quantiles by their mean, weighted by rows', () => {
  const parts = [computeStatistics([0, 0, 0], 1), computeStatistics([4], 1)];
  expect(poolStatistics(parts)).toMatchObject({ count: 4, q01: [1], q50: [1], q99: [1] });
});

it('pools nothing to nothing', () => {
  expect(poolAllStatistics([])).toEqual({});
});
