import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataOrder } from '../../../policies/training/data-order.ts';
import { emaDecay, learningRate, type RateConfig } from '../../../policies/training/rates.ts';

describe('the order of the data', () => {
  it('shows every window once an epoch, each epoch in another order', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 10, max: 60 }), (seed, count) => {
        const order = new DataOrder(seed, count);
        const epochs = [0, 1, 2].map((epoch) =>
          Array.from({ length: count }, (_, i) => order.at(epoch * count + i)),
        );
        for (const epoch of epochs) {
          expect([...epoch].sort((a, b) => a - b)).toEqual(
            Array.from({ length: count }, (_, i) => i),
          );
        }
        expect(epochs[1]).not.toEqual(epochs[0]);
      }),
    );
  });

  it('is the same wherever one begins to read', () => {
    fc.assert(
      fc.property(fc.nat(500), (place) => {
        const read = new DataOrder(5, 37);
        for (let i = 0; i < place; i++) read.at(i);
        expect(new DataOrder(5, 37).at(place)).toBe(read.at(place));
      }),
    );
  });

  it('leaves no place to any window more often than chance does', () => {
    const first = new Array<number>(5).fill(0);
    for (let seed = 0; seed < 5000; seed++) first[new DataOrder(seed, 5).at(0)]++;
    const chi2 = first.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // The 99.9 % quantile of χ² with 4 degrees of freedom.
    expect(chi2).toBeLessThan(18.47);
  });
});

describe('the rates', () => {
  const config: RateConfig = { learningRate: 1e-3, warmupSteps: 10, steps: 110, emaDecay: 0.99 };

  it('rise in a line, then fall along half a cosine to zero', () => {
    expect(learningRate(config, 1)).toBeCloseTo(1e-4, 12);
    expect(learningRate(config, 10)).toBe(1e-3);
    expect(learningRate(config, 60)).toBeCloseTo(5e-4, 12);
    expect(learningRate(config, 110)).toBeCloseTo(0, 12);
    expect(learningRate(config, 200)).toBeCloseTo(0, 12);
  });

  it('begin at the top where nothing is to be warmed up', () => {
    expect(learningRate({ ...config, warmupSteps: 0 }, 1)).toBeLessThan(1e-3);
    expect(learningRate({ ...config, warmupSteps: 0 }, 1)).toBeGreaterThan(0.999e-3);
  });

  it('let the average forget fast at first and slowly later', () => {
    expect(emaDecay(config, 1)).toBeCloseTo(1 - 2 ** -0.75, 12);
    for (let step = 1; step < 2000; step++) {
      expect(emaDecay(config, step + 1)).toBeGreaterThanOrEqual(emaDecay(config, step));
    }
    expect(emaDecay(config, 2000)).toBe(0.99);
  });
});
