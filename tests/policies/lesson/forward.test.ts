import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForwardProcess } from '../../../policies/lesson/forward.ts';
import { squaredCosineSchedule } from '../../../policies/noise-schedule.ts';

const STEPS = 100;

describe('noising a demonstration', () => {
  it('leaves it alone at k = 0', () => {
    const data = [0.5, -1, 0.25];
    const { values, alphaBar, signalToNoise } = new ForwardProcess(data, {
      steps: STEPS,
      seed: 1,
    }).at(0);
    expect([...values]).toEqual(data);
    expect(alphaBar).toBe(1);
    expect(signalToNoise).toBe(Number.POSITIVE_INFINITY);
  });

  it('adds noise of variance 1 − ᾱ', () => {
    const count = 20_000;
    const forward = new ForwardProcess(new Float32Array(count), { steps: STEPS, seed: 2 });
    for (const k of [10, 50, 90]) {
      const { values, alphaBar } = forward.at(k);
      const variance = values.reduce((sum, value) => sum + value * value, 0) / count;
      // Standard error of a variance estimate: √(2/n) of it.
      expect(Math.abs(variance / (1 - alphaBar) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    }
  });

  it('mixes the same noise in at every k, so that what two steps leave tells the data', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: STEPS - 1 }),
        (data, k) => {
          const forward = new ForwardProcess(data, { steps: STEPS, seed: 3 });
          const a = forward.at(k);
          const b = forward.at(k + 1);
          const [sa, na] = [Math.sqrt(a.alphaBar), Math.sqrt(1 - a.alphaBar)];
          const [sb, nb] = [Math.sqrt(b.alphaBar), Math.sqrt(1 - b.alphaBar)];
          data.forEach((value, i) => {
            const solved = (nb * a.values[i] - na * b.values[i]) / (nb * sa - na * sb);
            expect(solved).toBeCloseTo(value, 3);
          });
        },
      ),
    );
  });

  it('drowns the signal step by step, by the schedule policies are trained with', () => {
    const forward = new ForwardProcess([1], { steps: STEPS, seed: 0 });
    const ratios = Array.from({ length: STEPS + 1 }, (_, k) => forward.at(k).signalToNoise);
    for (let k = 1; k <= STEPS; k++) expect(ratios[k]).toBeLessThan(ratios[k - 1]);
    expect(ratios[STEPS]).toBeLessThan(1e-4);
    expect(forward.at(40).alphaBar).toBe(squaredCosineSchedule(STEPS)[40]);
  });
});
