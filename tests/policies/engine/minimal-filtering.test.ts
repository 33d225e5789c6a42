import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimalFiltering } from '../../../policies/engine/trace/minimal-filtering.ts';

/** The sum a zero-padded convolution is, as it is written in a book. */
function convolve(x: readonly number[], taps: readonly number[], padBefore: number): number[] {
  return x.map((_, t) => taps.reduce((sum, tap, k) => sum + tap * (x[t + k - padBefore] ?? 0), 0));
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, factor, i) => sum + factor * b[i], 0);

const whole = fc.integer({ min: -1000, max: 1000 });
const setup = fc
  .record({
    time: fc.integer({ min: 1, max: 20 }),
    kernel: fc.integer({ min: 1, max: 7 }),
    tile: fc.integer({ min: 1, max: 5 }),
  })
  .chain(({ time, kernel, tile }) =>
    fc.record({
      tile: fc.constant(tile),
      x: fc.array(whole, { minLength: time, maxLength: time }),
      taps: fc.array(whole, { minLength: kernel, maxLength: kernel }),
      padBefore: fc.integer({ min: 0, max: kernel - 1 }),
    }),
  );

describe('minimal filtering', () => {
  it('gives the numbers of the plain sum, for any length, kernel, tile and padding', () => {
    fc.assert(
      fc.property(setup, ({ tile, x, taps, padBefore }) => {
        const { tiles, input, filter, output } = minimalFiltering(
          x.length,
          taps.length,
          padBefore,
          tile,
        );
        const mixed = filter.map((row) => dot(row, taps));
        const products = input.map((row, p) => dot(row, x) * mixed[Math.floor(p / tiles)]);
        const size = Math.max(1, ...x.map(Math.abs)) * Math.max(1, ...taps.map(Math.abs));
        const expected = convolve(x, taps, padBefore);
        output.forEach((row, t) => {
          expect(Math.abs(dot(row, products) - expected[t]) / size).toBeLessThan(1e-9);
        });
      }),
    );
  });

  it('has the factors that Winograd published for two outputs of three taps, but for their signs and scale', () => {
    // F(2, 3), Lavin and Gray 2016, equation 7: there d0 − d2, d1 + d2, d2 − d1, d1 − d3.
    const { input, filter, output } = minimalFiltering(2, 3, 0, 2);
    const published = [
      { taps: [1, 0, 0], outputs: [1, 0] },
      { taps: [0.5, 0.5, 0.5], outputs: [1, 1] },
      { taps: [0.5, -0.5, 0.5], outputs: [1, -1] },
      { taps: [0, 0, 1], outputs: [0, 1] },
    ];
    published.forEach(({ taps, outputs }, p) => {
      const sign = Math.sign(dot(filter[p], taps));
      expect(filter[p].map((factor) => sign * factor + 0)).toEqual(taps);
      expect(output.map((row) => row[p] + 0)).toEqual(outputs);
    });
    expect(input).toHaveLength(4);
  });

  it.each([
    [4, 5, 4, 8],
    [16, 5, 4, 32],
    [16, 3, 4, 24],
    [6, 5, 4, 16],
  ])(
    'takes a product a point and tile: T = %d, kernel %d, tiles of %d: %d',
    (time, kernel, tile, products) => {
      expect(minimalFiltering(time, kernel, 2, tile).input).toHaveLength(products);
    },
  );

  it('mixes inputs and outputs by numbers that floats hold exactly', () => {
    const { input, output } = minimalFiltering(16, 5, 2, 4);
    const factors = [...input.flat(), ...output.flat()];
    expect(factors.map(Math.fround)).toEqual(factors);
  });

  it('refuses a tile and kernel for which it has too few points', () => {
    expect(() => minimalFiltering(16, 9, 4, 8)).toThrow('F(8, 9) takes 16 points');
  });
});
