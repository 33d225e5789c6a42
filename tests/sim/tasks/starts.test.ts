import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTask, TASKS } from '../../../sim/index.ts';
import { MAX_SEED, startSeed } from '../../../sim/tasks/starts.ts';

const PURPOSES = ['demonstration', 'evaluation'] as const;
const small = fc.integer({ min: 0, max: 2 ** 14 - 1 });
const large = fc.integer({ min: 2 ** 14, max: MAX_SEED });
const seed = fc.oneof(small, large, fc.constantFrom(2 ** 14 - 1, 2 ** 14, 2 ** 31, MAX_SEED));
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
    const lastLarge = startSeed('demonstration', MAX_SEED, 2 ** 16 - 1);
    expect(startSeed('evaluation', 2 ** 14, 0)).toBeGreaterThan(lastLarge);
    const lastSmall = startSeed('evaluation', 2 ** 14 - 1, 2 ** 16 - 1);
    expect(startSeed('demonstration', 2 ** 14, 0)).toBeGreaterThan(lastSmall);
  });

  it('gives every start of every dataset a seed of its own', () => {
    fc.assert(
      fc.property(seed, index, seed, index, (a, i, b, k) => {
        fc.pre(a !== b || i !== k);
        for (const purpose of PURPOSES) {
          expect(startSeed(purpose, a, i)).not.toBe(startSeed(purpose, b, k));
        }
      }),
    );
    const neighbours = [0, 1, 2, 16_383, 16_384, 100_000, 100_001, MAX_SEED].flatMap((s) =>
      [0, 1, 2 ** 14, 2 ** 15, 2 ** 16 - 1].map((i) => startSeed('evaluation', s, i)),
    );
    expect(new Set(neighbours).size).toBe(neighbours.length);
  });

  it('shares no start among a hundred thousand of any seeds', () => {
    const many = fc.sample(fc.tuple(seed, index), { numRuns: 50_000, seed: 1 });
    const asked = new Set(many.map(([s, i]) => `${s}/${i}`));
    const given = many.flatMap(([s, i]) => PURPOSES.map((purpose) => startSeed(purpose, s, i)));
    expect(new Set(given).size).toBe(2 * asked.size);
  });

  it('of small seeds is what it was when there were no others', () => {
    const before = (purpose: string, s: number, i: number) =>
      (purpose === 'evaluation' ? 2 ** 30 : 0) + s * 2 ** 16 + i;
    fc.assert(
      fc.property(small, index, (s, i) => {
        for (const purpose of PURPOSES) {
          const value = startSeed(purpose, s, i);
          expect(value).toBe(before(purpose, s, i));
          // A 32-bit generator takes it as it is.
          expect(value).toBe(value | 0);
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('is a whole number that a file of 64 bits and a number of JSON hold', () => {
    fc.assert(
      fc.property(seed, index, (s, i) => {
        for (const purpose of PURPOSES) {
          expect(Number.isSafeInteger(startSeed(purpose, s, i))).toBe(true);
        }
      }),
    );
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])('refuses the seed %d', (wrong) => {
    expect(() => startSeed('evaluation', wrong, 0)).toThrow(
      `start seed: expected a whole number from 0 to 4294967295, got ${wrong}`,
    );
  });
});

describe.each(TASKS.map(({ name }) => name))('starts of %s', (name) => {
  it('of large seeds differ from each other, and from those of small ones', () => {
    const task = findTask(name);
    const seeds = [0, 1, 16_383, 16_384, 100_000, 100_001, 2 ** 31, MAX_SEED];
    const starts = seeds.flatMap((s) =>
      PURPOSES.flatMap((purpose) =>
        [0, 1].map((i) => JSON.stringify(task.sampleInitialState(startSeed(purpose, s, i)))),
      ),
    );
    expect(new Set(starts).size).toBe(starts.length);
    for (const s of seeds) {
      task.validateInitialState(task.sampleInitialState(startSeed('evaluation', s, 0)));
    }
  });
});
