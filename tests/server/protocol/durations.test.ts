import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Durations } from '../../../server/protocol/durations.ts';

/** The values between which a percentile lies, whichever way ranks are rounded. */
function ranksAround(values: readonly number[], percent: number): [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (percent / 100) * sorted.length;
  return [sorted[Math.max(0, Math.floor(rank) - 1)], sorted[Math.ceil(rank) - 1]];
}

describe('durations', () => {
  it('have the percentiles of all values, to a thousandth', () => {
    const milliseconds = fc.double({ min: 1e-3, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(fc.array(milliseconds, { minLength: 1, maxLength: 300 }), (values) => {
        const durations = new Durations();
        for (const value of values) durations.record(value);
        const { p50, p90, p95, p99, p999, max } = durations.spread();
        expect(durations.count).toBe(values.length);
        expect(max).toBe(Math.max(...values));
        for (const [got, percent] of [
          [p50, 50],
          [p90, 90],
          [p95, 95],
          [p99, 99],
          [p999, 99.9],
        ]) {
          const [low, high] = ranksAround(values, percent);
          // Half a nanosecond is lost to rounding.
          expect(got).toBeGreaterThanOrEqual(0.999 * low - 1e-6);
          expect(got).toBeLessThanOrEqual(1.001 * high + 1e-6);
        }
      }),
    );
  });

  it('take what is too short to be measured', () => {
    const durations = new Durations();
    durations.record(0);
    expect(durations.count).toBe(1);
    expect(durations.spread()).toEqual({ p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 });
  });
});
