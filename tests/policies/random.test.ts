import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../policies/random.ts';

const COUNT = 20_000;

describe('a seeded stream', () => {
  it('gives the same numbers for the same key, others for any other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), fc.nat(), (key, more) => {
        const first = Random.of(...key);
        const again = Random.of(...key);
        const numbers = [first.uniform(), first.normal(), first.uniform()];
        expect([again.uniform(), again.normal(), again.uniform()]).toEqual(numbers);
        expect(Random.of(...key, more).uniform()).not.toBe(numbers[0]);
        const last = key.length - 1;
        const neighbour = key.map((part, i) => (i === last ? part + 1 : part));
        expect(Random.of(...neighbour).uniform()).not.toBe(numbers[0]);
      }),
    );
  });

  it('is another for each seed of 32 bits', () => {
    const seeds = fc.sample(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { numRuns: 20_000, seed: 3 });
    const all = new Set([...seeds, 0, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1]);
    const states = [...all].map((seed) => Random.of(seed, 4, 2).state.join());
    expect(new Set(states).size).toBe(all.size);
  });

  it('goes on from its state, between the two normals of a pair too', () => {
    const random = Random.of(3);
    for (let i = 0; i < 5; i++) {
      random.normal();
      const copy = Random.fromState(JSON.parse(JSON.stringify(random.state)));
      const wanted = [random.normal(), random.normal(), random.uniform()];
      expect([copy.normal(), copy.normal(), copy.uniform()]).toEqual(wanted);
    }
  });

  it('is not correlated with the stream of the next key', () => {
    let sum = 0;
    for (let i = 0; i < COUNT; i++) sum += Random.of(i).normal() * Random.of(i + 1).normal();
    // Four standard errors of a mean of products of independent normals.
    expect(Math.abs(sum / COUNT)).toBeLessThan(4 / Math.sqrt(COUNT));
  });
});

describe('normals', () => {
  it('follow the normal distribution', () => {
    const sample = Array.from(Random.of(11).fillNormal(new Float32Array(COUNT))).sort(
      (a, b) => a - b,
    );
    // Abramowitz and Stegun 26.2.17: |error| < 7.5e-8.
    const phi = (x: number): number => {
      if (x < 0) return 1 - phi(-x);
      const t = 1 / (1 + 0.2316419 * x);
      const poly =
        t *
        (0.31938153 +
          t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
      return 1 - (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly;
    };
    const gap = Math.max(...sample.map((x, i) => Math.abs(phi(x) - (i + 0.5) / COUNT)));
    // Kolmogorov–Smirnov: 1.95/√n is exceeded once in a thousand.
    expect(gap).toBeLessThan(1.95 / Math.sqrt(COUNT));
  });
});

describe('whole numbers', () => {
  it('are spread evenly below the bound', () => {
    const random = Random.of(4);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < COUNT; i++) counts[random.below(7)]++;
    const expected = COUNT / 7;
    const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // The 99.9 % quantile of χ² with 6 degrees of freedom.
    expect(chi2).toBeLessThan(22.46);
  });
});
