import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import { PairedTest } from '../../../server/statistics/index.ts';

/** log of the Gamma function at half-integers and integers, by its recursion. */
function logGamma(x: number): number {
  let sum = 0;
  let at = x;
  while (at > 1) sum += Math.log(--at);
  return at === 0.5 ? sum + Math.log(Math.PI) / 2 : sum;
}

/**
 * Krichevsky and Trofimov's mixture in closed form, B(b + ½, c + ½) / B(½, ½) · 2^(b + c), which has two thirds of
 * the capital, and all of the last third doubled by each start that one policy never loses.
 */
function closedForm(b: number, c: number): number {
  const logBeta = logGamma(b + 0.5) + logGamma(c + 0.5) - logGamma(b + c + 1);
  const mixture = Math.exp(logBeta - Math.log(Math.PI) + (b + c) * Math.log(2));
  const sure = b > 0 && c > 0 ? 0 : 2 ** (b + c) * (b + c === 0 ? 2 : 1);
  return (2 / 3) * mixture + sure / 6;
}

function testOf(differences: readonly number[], within: number | null = null): PairedTest {
  const test = new PairedTest(within);
  for (const difference of differences) test.add(difference);
  return test;
}

const times = (count: number, difference: number) => new Array<number>(count).fill(difference);
const eOf = (differences: readonly number[]) => Math.exp(testOf(differences).logE);
const LOG_20 = Math.log(20);

describe('the evidence of one rollout a start', () => {
  it('of six that one policy won is 20.3, and without the sure bets would be that of seven', () => {
    expect(eOf(times(6, 1))).toBeCloseTo(20.3, 1);
    expect(eOf(times(5, 1))).toBeLessThan(20);
    expect(eOf([...times(7, 1), -1])).toBeLessThan(20);
  });

  it('is the closed form, to rounding, up to 127 starts that differ', () => {
    fc.assert(
      fc.property(fc.nat({ max: 127 }), fc.nat({ max: 127 }), (won, of) => {
        const b = Math.min(won, of);
        const exact = closedForm(b, of - b);
        expect(eOf([...times(b, 1), ...times(of - b, -1)]) / exact).toBeCloseTo(1, 9);
      }),
    );
  });

  it('is near it beyond', () => {
    for (const [b, c] of [
      [300, 100],
      [1000, 1100],
    ]) {
      const ratio = eOf([...times(b, 1), ...times(c, -1)]) / closedForm(b, c);
      expect(Math.abs(Math.log(ratio))).toBeLessThan(0.1);
    }
  });

  it('does not come from starts in which both did the same, nor from their order', () => {
    const differences = [1, 0, -1, 0, 0, 1, 1];
    expect(testOf(differences).logE).toBeCloseTo(testOf([1, 1, 1, -1]).logE, 12);
    expect(testOf([...differences].reverse()).logE).toBeCloseTo(testOf(differences).logE, 12);
  });

  it('is an average of 1 over what may come next: a fair game', () => {
    const before = [1, 1, -1, 0, 1];
    const after = [1, -1].map((next) => eOf([...before, next]));
    expect((after[0] + after[1]) / 2).toBeCloseTo(eOf(before), 12);
  });
});

describe('the evidence of several rollouts a start', () => {
  const difference = fc.integer({ min: -4, max: 4 }).map((successes) => successes / 4);

  it('does not care who is called the first, but for who is favoured', () => {
    fc.assert(
      fc.property(fc.array(difference, { maxLength: 30 }), (differences) => {
        const test = testOf(differences, 0.1);
        const swapped = testOf(
          differences.map((each) => -each),
          0.1,
        );
        expect(swapped.logE).toBeCloseTo(test.logE, 9);
        expect(swapped.logSameE).toBeCloseTo(test.logSameE ?? Number.NaN, 9);
        expect(swapped.difference).toBeCloseTo(-test.difference, 12);
        if (Math.abs(test.difference) > 1e-9) {
          expect(swapped.favoursFirst).toBe(!test.favoursFirst);
        }
      }),
    );
  });

  it('that agree in a start counts once, however many there are', () => {
    // All ten rollouts of a start alike, as of two policies without noise: m does not matter.
    expect(eOf(times(7, 10 / 10))).toBe(eOf(times(7, 1 / 1)));
  });

  it('stays finite in its logarithm where it is beyond all numbers', () => {
    expect(testOf(times(3000, 1)).logE).toBeGreaterThan(1000);
    expect(Number.isFinite(testOf(times(3000, 1)).logE)).toBe(true);
  });
});

describe('the evidence of sameness', () => {
  it('of policies that never differ grows as 1 / (1 − δ)', () => {
    // The exact test of no difference in n refutes δ at 5 % from (1 − δ)^n < 0.05: 59 at δ = 0.05.
    const { logSameE } = testOf(times(59, 0), 0.05);
    expect(logSameE).toBeLessThan(-59 * Math.log(0.95));
    const needed = Array.from({ length: 200 }, (_, n) => n).find(
      (n) => (testOf(times(n, 0), 0.05).logSameE ?? 0) >= LOG_20,
    );
    expect(needed).toBeGreaterThan(59);
    expect(needed).toBeLessThan(110);
  });

  it('is none where one side only is refuted, and is asked for by δ alone', () => {
    const test = testOf(times(200, 0.5), 0.1);
    expect(test.logSameE).toBeLessThan(0);
    expect(testOf(times(200, 0)).logSameE).toBeNull();
  });
});

describe('how many starts are missing', () => {
  const missing = (differences: readonly number[], within: number | null = null) =>
    testOf(differences, within).startsUntil({ logE: LOG_20, logSameE: LOG_20 });

  it('is exact where nothing varies: six to six', () => {
    for (const seen of [1, 3, 5]) expect(missing(times(seen, 1))).toBe(6 - seen);
    expect(missing(times(6, 1))).toBe(0);
    expect(missing([...times(3, 1), ...times(3, 0)])).toBe(6);
  });

  it('is not known before the first, nor where nothing differs and nothing need be the same', () => {
    expect(missing([])).toBeNull();
    expect(missing(times(50, 0))).toBeNull();
    expect(missing([1, -1])).toBeNull();
    expect(missing(times(50, 0), 0.05)).toBeGreaterThan(10);
  });

  it('is that of the closed form, where further pairs are as those before', () => {
    const seen = testOf([...times(10, 1), ...times(3, -1), ...times(87, 0)]);
    const logE = Math.log(closedForm(20, 6)) - 1e-9;
    expect(seen.startsUntil({ logE, logSameE: 0 })).toBe(100);
  });
});

describe('the number of pairs until a decision, in the median', () => {
  /** Pairs of independent outcomes until E reaches 20. */
  function pairsToDecide(one: number, other: number, random: Random): number {
    const test = new PairedTest();
    for (let n = 1; n <= 4000; n++) {
      test.add(Number(random.uniform() < one) - Number(random.uniform() < other));
      if (test.logE >= LOG_20) return n;
    }
    return Number.POSITIVE_INFINITY;
  }

  it.each([
    [1, 0, 6, 6],
    [0.97, 0.74, 23, 31],
    [0.97, 0.9, 160, 215],
  ])('at rates of %d and %d is the published one', (one, other, least, most) => {
    const random = Random.of(16, Math.round(100 * other));
    const lengths = Array.from({ length: 301 }, () => pairsToDecide(one, other, random));
    const median = lengths.sort((a, b) => a - b)[150];
    expect(median).toBeGreaterThanOrEqual(least);
    expect(median).toBeLessThanOrEqual(most);
  });
});
