import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { describe, expect, it } from 'vitest';
import { randomOf } from '../../sim/random.ts';

const beyond32 = fc
  .tuple(fc.integer({ min: 2 ** 31, max: 2 ** 53 - 1 }), fc.boolean())
  .map(([seed, negative]) => (negative ? -1 - seed : seed));

describe('random numbers of a seed', () => {
  it('of 32 bits are the Mersenne Twister’s, streams told apart bit by bit', () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(int32, int32, (seed, stream) => {
        expect(randomOf(seed).getState()).toEqual(mersenne(seed).getState());
        expect(randomOf(seed, stream).getState()).toEqual(mersenne(seed ^ stream).getState());
        expect(randomOf(seed, ~0).getState()).toEqual(mersenne(~seed).getState());
      }),
      { numRuns: 30 },
    );
  });

  it('that has more bits have a state of their own', () => {
    const seeds = fc.sample(beyond32, { numRuns: 100_000, seed: 1 });
    const neighbours = Array.from({ length: 1000 }, (_, i) => 2 ** 48 + i);
    const all = new Set([...seeds, ...neighbours]);
    const states = new Set([...all].map((seed) => randomOf(seed).getState().join()));
    expect(states.size).toBe(all.size);
  });

  it('that has more bits differ from stream to stream', () => {
    fc.assert(
      fc.property(beyond32, (seed) => {
        const first = [0, ~0, 0x5bd1e995].map((stream) => uniformFloat64(randomOf(seed, stream)));
        expect(new Set(first).size).toBe(3);
      }),
    );
  });

  it('are uniform over seeds that follow each other', () => {
    // Pearson's χ² of 16 cells: 15 degrees of freedom, 0.1 % beyond 37.7.
    const counts = new Array<number>(16).fill(0);
    const n = 16_000;
    for (let i = 0; i < n; i++) counts[Math.floor(16 * uniformFloat64(randomOf(2 ** 40 + i)))]++;
    const chi = counts.reduce((sum, count) => sum + (count - n / 16) ** 2 / (n / 16), 0);
    expect(chi).toBeLessThan(37.7);
  });
});
