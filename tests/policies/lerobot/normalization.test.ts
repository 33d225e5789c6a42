import { describe, expect, it } from 'vitest';
import { applyAffine, normalizationOf } from '../../../policies/lerobot/normalization.ts';

/** Of three components, the last of which is constant. */
const STATISTICS = new Map(
  Object.entries({
    min: [-2, 0, 3],
    max: [4, 0.5, 3],
    q01: [-1, 0.1, 3],
    q99: [3, 0.4, 3],
    q10: [0, 0.2, 3],
    q90: [1, 0.3, 3],
    mean: [1, 0.25, 3],
    std: [2, 0.125, 0],
  }).map(([name, values]) => [name, Float32Array.from(values)]),
);
const OPTIONS = { epsilon: 1e-8, from: 'statistics' };
const of = (name: string) => STATISTICS.get(name) ?? new Float32Array();
const close = (rows: Float32Array, expected: readonly number[]) => {
  for (const [i, value] of expected.entries()) expect(rows[i]).toBeCloseTo(value, 5);
};

describe('numbers of a feature', () => {
  it.each([
    ['MIN_MAX', 'min', 'max'],
    ['QUANTILES', 'q01', 'q99'],
    ['QUANTILE10', 'q10', 'q90'],
  ] as const)('by %s go from a range to ±1, constant ones to −1, and back', (mode, low, high) => {
    const { normalizing, denormalizing } = normalizationOf(mode, STATISTICS, 3, OPTIONS);
    close(applyAffine(normalizing, of(low).slice()), [-1, -1, -1]);
    close(applyAffine(normalizing, of(high).slice()), [1, 1, -1]);
    close(applyAffine(denormalizing, Float32Array.of(-1, -1, -1)), [...of(low)]);
    close(applyAffine(denormalizing, Float32Array.of(1, 1, 1)), [...of(high)]);
  });

  it('by mean and standard deviation become 0 and ±1, and back', () => {
    const { normalizing, denormalizing } = normalizationOf('MEAN_STD', STATISTICS, 3, OPTIONS);
    close(applyAffine(normalizing, Float32Array.of(3, 0.125, 3)), [1, -1, 0]);
    close(applyAffine(denormalizing, Float32Array.of(1, -1, 5)), [3, 0.125, 3]);
  });

  it('stay as they are where nothing is said', () => {
    const { normalizing } = normalizationOf('IDENTITY', new Map(), 2, OPTIONS);
    expect([...applyAffine(normalizing, Float32Array.of(7, -8))]).toEqual([7, -8]);
  });

  it.each([
    ['missing', new Map(), 'got none'],
    ['of another size', new Map([['min', Float32Array.of(1)]]), 'got 1 numbers'],
    ['not finite', new Map([['min', Float32Array.of(1, Number.NaN, 2)]]), 'not finite'],
  ])('whose statistics are %s are refused', (_, statistics, got) => {
    expect(() => normalizationOf('MIN_MAX', statistics, 3, OPTIONS)).toThrow(got);
  });
});
