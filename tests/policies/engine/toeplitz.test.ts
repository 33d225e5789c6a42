import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toeplitzAlgorithm } from '../../../policies/engine/trace/toeplitz.ts';

/** The sum a zero-padded convolution is, as it is written in a book. */
function convolve(x: readonly number[], taps: readonly number[], padBefore: number): number[] {
  return x.map((_, t) => taps.reduce((sum, tap, k) => sum + tap * (x[t + k - padBefore] ?? 0), 0));
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, factor, i) => sum + factor * b[i], 0);

describe('the algorithm for short convolutions', () => {
  it('gives the numbers of the plain sum, exactly on whole numbers', () => {
    const whole = fc.integer({ min: -1000, max: 1000 });
    const setup = fc
      .tuple(fc.constantFrom(1, 2, 4, 8, 16), fc.integer({ min: 1, max: 9 }))
      .chain(([time, kernel]) =>
        fc.record({
          x: fc.array(whole, { minLength: time, maxLength: time }),
          taps: fc.array(whole, { minLength: kernel, maxLength: kernel }),
          padBefore: fc.integer({ min: 0, max: kernel - 1 }),
        }),
      );
    fc.assert(
      fc.property(setup, ({ x, taps, padBefore }) => {
        const { input, filter, output } = toeplitzAlgorithm(x.length, taps.length, padBefore);
        const products = input.map((row, p) => dot(row, x) * dot(filter[p], taps));
        const y = output.map((row) => dot(row, products) + 0);
        expect(y).toEqual(convolve(x, taps, padBefore).map((value) => value + 0));
      }),
    );
  });

  it.each([
    [2, 3],
    [4, 9],
    [8, 27],
  ])('takes 3 products a halving: at T = %d, %d', (time, products) => {
    expect(toeplitzAlgorithm(time, 5, 2).products).toBe(products);
  });

  it('has no factors but 0, 1 and −1 for the inputs, so that it rounds like the sum', () => {
    const { input, output } = toeplitzAlgorithm(8, 5, 2);
    const factors = new Set([...input.flat(), ...output.flat()].map((factor) => factor + 0));
    expect([...factors].sort()).toEqual([0, 1]);
  });
});
