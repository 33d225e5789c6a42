import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Normalizer, rangeOf } from '../../policies/normalizer.ts';

const value = fc.float({ min: -100, max: 100, noNaN: true });
const rows = fc
  .array(fc.tuple(value, value, value), { minLength: 1, maxLength: 20 })
  .map((list) => Float32Array.from(list.flat()));

describe('a normaliser', () => {
  it('brings the data it was made from into ±1 and back', () => {
    fc.assert(
      fc.property(rows, (data) => {
        const normalizer = new Normalizer(rangeOf([data], 3));
        const normal = normalizer.normalize(data.slice());
        for (const each of normal) expect(Math.abs(each)).toBeLessThanOrEqual(1 + 1e-5);
        normalizer.denormalize(normal).forEach((each, i) => {
          expect(Math.abs(each - data[i])).toBeLessThan(1e-4);
        });
      }),
    );
  });

  it('reaches both ends of the range', () => {
    const data = Float32Array.of(1, 10, 3, 30);
    const normal = new Normalizer(rangeOf([data], 2)).normalize(data.slice());
    expect(Array.from(normal)).toEqual([-1, -1, 1, 1]);
  });

  it('shifts a component that never varies to 0 instead of dividing by nothing', () => {
    const normalizer = new Normalizer(rangeOf([Float32Array.of(5, 1, 5, 2)], 2));
    expect(Array.from(normalizer.normalize(Float32Array.of(5, 1)))).toEqual([0, -1]);
    expect(normalizer.normalize(Float32Array.of(5.5, 1))[0]).toBeCloseTo(0.5, 6);
  });

  it('reads its range over several parts', () => {
    const range = rangeOf([Float32Array.of(1, 2), Float32Array.of(-3, 9)], 2);
    expect(range).toEqual({ min: [-3, 2], max: [1, 9] });
  });
});
