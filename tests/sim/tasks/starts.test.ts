import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startSeed } from '../../../sim/tasks/starts.ts';

const seed = fc.integer({ min: 0, max: 2 ** 14 - 1 });
const index = fc.integer({ min: 0, max: 2 ** 16 - 1 });

describe('startSeed', () => {
  it('never evaluates where a demonstration began', () => {
    fc.assert(
      fc.property(seed, index, seed, index, (a, i, b, k) => {
        expect(startSeed('demonstration', a, i)).not.toBe(startSeed('evaluation', b, k));
      }),
    );
    // The extremes of the two halves do not touch either.
    const last = startSeed('demonstration', 2 ** 14 - 1, 2 ** 16 - 1);
    expect(startSeed('evaluation', 0, 0)).toBeGreaterThan(last);
  });

  it('gives every start of every dataset a seed of its own', () => {
    fc.assert(
      fc.property(seed, index, seed, index, (a, i, b, k) => {
        fc.pre(a !== b || i !== k);
        expect(startSeed('demonstration', a, i)).not.toBe(startSeed('demonstration', b, k));
      }),
    );
    const neighbours = [0, 1, 2].flatMap((s) =>
      [0, 1, 2 ** 14, 2 ** 15, 2 ** 16 - 1].map((i) => startSeed('evaluation', s, i)),
    );
    expect(new Set(neighbours).size).toBe(neighbours.length);
  });

  it('gives seeds that a 32-bit generator takes as they are', () => {
    fc.assert(
      fc.property(seed, index, (s, i) => {
        for (const purpose of ['demonstration', 'evaluation'] as const) {
          const value = startSeed(purpose, s, i);
          expect(value).toBe(value | 0);
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
