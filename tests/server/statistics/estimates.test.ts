import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import {
  bootstrap95,
  clusteredProportion,
  correctedEntropy,
  divergence,
  entropy,
  mcnemar,
  mean,
  percentiles,
  proportion,
} from '../../../server/statistics/index.ts';

function choose(n: number, k: number): bigint {
  let value = 1n;
  for (let i = 1; i <= k; i++) value = (value * BigInt(n - k + i)) / BigInt(i);
  return value;
}

/** Expectation of a statistic of the counts of two modes in n fair draws, by going through all. */
function expectation(n: number, statistic: (counts: number[]) => number): number {
  let sum = 0;
  for (let k = 0; k <= n; k++) sum += (Number(choose(n, k)) / 2 ** n) * statistic([k, n - k]);
  return sum;
}

describe('the Wilson interval', () => {
  // Newcombe 1998, Statistics in Medicine 17, 857–872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %d in %d is the published one', (k, n, low, high) => {
    const { ci95, rate } = proportion(k, n);
    expect(rate).toBeCloseTo(k / n, 12);
    expect(ci95[0]).toBeCloseTo(low, 4);
    expect(ci95[1]).toBeCloseTo(high, 4);
  });

  it('ends where the score test is at its limit', () => {
    const z = 1.959963984540054;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (n, seed) => {
        const k = seed % (n + 1);
        const { ci95, rate } = proportion(k, n);
        for (const p of ci95.filter((end) => end > 0 && end < 1)) {
          expect(Math.abs(rate - p) / Math.sqrt((p * (1 - p)) / n)).toBeCloseTo(z, 6);
        }
        expect(ci95[0]).toBeLessThanOrEqual(rate);
        expect(ci95[1]).toBeGreaterThanOrEqual(rate);
      }),
    );
  });

  it('reaches 0 and 1 exactly, and says nothing of no attempts', () => {
    expect(proportion(0, 400).ci95[0]).toBe(0);
    expect(proportion(400, 400).ci95[1]).toBe(1);
    expect(proportion(0, 0)).toEqual({ k: 0, n: 0, rate: 0, ci95: [0, 1] });
  });
});

describe('the interval of clustered outcomes', () => {
  it('is the ordinary one where clusters differ by chance alone', () => {
    const random = Random.of(4);
    const clusters = Array.from({ length: 4000 }, () => {
      const k = Array.from({ length: 5 }, () => random.below(10) < 7).filter(Boolean).length;
      return { k, n: 5 };
    });
    const { k, n, ci95 } = clusteredProportion(clusters);
    const [low, high] = proportion(k, n).ci95;
    expect((ci95[1] - ci95[0]) / (high - low)).toBeCloseTo(1, 1);
  });

  it('counts copies of one outcome once', () => {
    // 12 of 20 clusters succeed throughout: 20 attempts, whatever their size.
    const clusters = Array.from({ length: 20 }, (_, i) => ({ k: i < 12 ? 50 : 0, n: 50 }));
    const { ci95 } = clusteredProportion(clusters);
    const once = proportion(12, 20, 19).ci95;
    expect(ci95[0]).toBeCloseTo(once[0], 9);
    expect(ci95[1]).toBeCloseTo(once[1], 9);
  });

  it('covers the truth about as often as it says, where starts differ', () => {
    const random = Random.of(9);
    let covered = 0;
    for (let i = 0; i < 400; i++) {
      // A start is easy or hard: 0.9 or 0.3, on average 0.6.
      const clusters = Array.from({ length: 20 }, () => {
        const ease = random.below(2) === 0 ? 9 : 3;
        return {
          n: 20,
          k: Array.from({ length: 20 }, () => random.below(10) < ease).filter(Boolean).length,
        };
      });
      const [low, high] = clusteredProportion(clusters).ci95;
      if (low <= 0.6 && 0.6 <= high) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.9);
  });
});

describe("McNemar's exact test", () => {
  /** Pairs that are independent of each other, `a` and `b` of them discordant. */
  const pairs = (a: number, b: number) => [
    ...new Array<number>(a).fill(1),
    ...new Array<number>(b).fill(-1),
  ];

  it.each([
    [0, 0, 1],
    [5, 5, 1],
    [0, 6, 2 / 64],
    [1, 8, (2 * (1 + 9)) / 512],
    [2, 10, (2 * (1 + 12 + 66)) / 4096],
    [3, 4, 1],
  ])('of %d and %d discordant pairs gives the binomial tails', (a, b, p) => {
    expect(mcnemar(pairs(a, b))).toBeCloseTo(p, 12);
  });

  it('agrees with whole-number arithmetic beyond where powers of two overflow', () => {
    const [a, b] = [1100, 1210];
    let tail = 0n;
    for (let k = 0; k <= a; k++) tail += choose(a + b, k);
    // The first digits of the tail over 2^(a+b), as far as a float holds them.
    const exact = Number((2n * tail * 10n ** 20n) / 2n ** BigInt(a + b)) / 1e20;
    expect(mcnemar(pairs(a, b)) / exact).toBeCloseTo(1, 8);
  });

  it('does not care who is called a', () => {
    const clusters = fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 30 });
    fc.assert(
      fc.property(clusters, (differences) => {
        const p = mcnemar(differences);
        expect(mcnemar(differences.map((difference) => -difference))).toBeCloseTo(p, 12);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('of clusters is that of all ways to choose their signs', () => {
    const clusters = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(clusters, (differences) => {
        const sums = differences.reduce(
          (all, difference) => all.flatMap((sum) => [sum - difference, sum + difference]),
          [0],
        );
        const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
        const extreme = sums.filter((sum) => Math.abs(sum) >= observed).length;
        expect(mcnemar(differences)).toBeCloseTo(extreme / sums.length, 12);
      }),
    );
  });

  it('counts a start once, however often it was tried', () => {
    const starts = [1, 1, 1, -1, 1];
    expect(mcnemar(starts.map((difference) => 10 * difference))).toBeCloseTo(mcnemar(starts), 12);
  });
});

describe('the entropy of modes', () => {
  it('is 0 for one mode and 1 for all alike', () => {
    expect(entropy([7, 0], 2)).toBe(0);
    expect(entropy([9, 9], 2)).toBeCloseTo(1, 12);
    expect(entropy([4, 4, 4], 3)).toBeCloseTo(1, 12);
    expect(entropy([4, 4, 0], 3)).toBeCloseTo(Math.log(2) / Math.log(3), 12);
  });

  it('of one in four is that of the tables', () => {
    expect(entropy([1, 3], 2)).toBeCloseTo(0.811278, 6);
  });

  it.each([
    [8, 0.9, 2],
    [20, 0.963, 3],
    [50, 0.985, 3],
    [100, 0.993, 3],
  ])('of %d fair draws is expected to be %d: biased', (n, expected, digits) => {
    const value = expectation(n, (counts) => entropy(counts, 2));
    expect(value.toFixed(digits)).toBe(expected.toFixed(digits));
  });

  it.each([8, 20, 50, 100])('of %d fair draws is less biased when corrected', (n) => {
    const plain = 1 - expectation(n, (counts) => entropy(counts, 2));
    const corrected = 1 - expectation(n, (counts) => correctedEntropy(counts, 2));
    expect(Math.abs(corrected)).toBeLessThan(plain / 1.5);
  });

  it('is corrected by Miller and Madow’s term, and never beyond 1', () => {
    const term = 1 / (2 * 20 * Math.log(2));
    expect(correctedEntropy([4, 16], 2)).toBeCloseTo(entropy([4, 16], 2) + term, 12);
    expect(correctedEntropy([10, 10], 2)).toBe(1);
  });

  it('stays exactly 0 when corrected, where one mode or none was seen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (n) => {
        expect(correctedEntropy([n, 0], 2)).toBe(0);
        expect(correctedEntropy([0, n], 2)).toBe(0);
      }),
    );
  });
});

describe('the divergence', () => {
  it('is in bits: one for a fair choice of two that became certain', () => {
    expect(divergence([1, 0], [0.5, 0.5])).toBe(1);
    expect(divergence([0.25, 0.75], [0.5, 0.5])).toBeCloseTo(1 - 0.811278, 6);
  });

  it('is 0 for equal distributions and never below', () => {
    const weight = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        const p = [a / (a + b), b / (a + b)];
        expect(divergence(p, p)).toBe(0);
        expect(divergence(p, [0.5, 0.5])).toBeGreaterThanOrEqual(-1e-12);
      }),
    );
  });
});

describe('percentiles', () => {
  it('are nearest ranks: values that were measured', () => {
    expect(percentiles([15, 20, 35, 40, 50])).toEqual({
      p50: 35,
      p90: 50,
      p95: 50,
      p99: 50,
      max: 50,
    });
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(percentiles(hundred)).toEqual({ p50: 50, p90: 90, p95: 95, p99: 99, max: 100 });
    expect(percentiles([3])).toEqual({ p50: 3, p90: 3, p95: 3, p99: 3, max: 3 });
  });

  it('do not depend on the order, and leave it alone', () => {
    const values = [9, 1, 10, 2, 30];
    expect(percentiles(values)).toEqual(percentiles([1, 2, 9, 10, 30]));
    expect(values).toEqual([9, 1, 10, 2, 30]);
  });
});

describe('the bootstrap interval', () => {
  const average = (values: readonly number[]) => mean(values);

  it('of equal values is that value, and the same every time', () => {
    expect(bootstrap95([4, 4, 4], average)).toEqual([4, 4]);
    const values = [1, 5, 2, 8, 3];
    expect(bootstrap95(values, average)).toEqual(bootstrap95(values, average));
  });

  it('of a mean covers the truth about as often as it says', () => {
    const random = Random.of(11);
    const trials = 300;
    let covered = 0;
    for (let i = 0; i < trials; i++) {
      const sample = Array.from({ length: 40 }, () => random.normal());
      const [low, high] = bootstrap95(sample, average, 400);
      if (low <= 0 && high >= 0) covered++;
    }
    // 95 % by intent; the percentile method falls a little short at 40 values.
    expect(covered / trials).toBeGreaterThan(0.89);
    expect(covered / trials).toBeLessThan(0.99);
  });

  it('is as wide as the normal one', () => {
    const random = Random.of(12);
    const sample = Array.from({ length: 400 }, () => random.normal());
    const [low, high] = bootstrap95(sample, average);
    expect(high - low).toBeGreaterThan(0.8 * (2 * 1.96 * 0.05));
    expect(high - low).toBeLessThan(1.2 * (2 * 1.96 * 0.05));
  });
});
