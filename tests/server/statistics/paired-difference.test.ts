import { describe, expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import { mcnemar } from '../../../server/statistics/index.ts';
import { pairedDifference } from '../../../server/statistics/paired-difference.ts';

const alike = (count: number, gained: number, lost: number, pairs = 1) =>
  Array.from({ length: count }, () => ({ pairs, gained, lost }));

describe('a paired difference', () => {
  it("is Bonett and Price's, where each start has one pair", () => {
    // 100 pairs, 5 gained and 20 lost: p₁₂ = 6/102, p₂₁ = 21/102.
    const { difference, ci95, p } = pairedDifference([
      ...alike(5, 1, 0),
      ...alike(20, 0, 1),
      ...alike(75, 0, 0),
    ]);
    expect(difference).toBeCloseTo(-0.15, 12);
    const half = 1.959964 * Math.sqrt((27 / 102 - (15 / 102) ** 2) / 102);
    // Of so many starts the variance between them is estimated 1 % larger.
    expect(Math.abs(ci95[0] - (-15 / 102 - half))).toBeLessThan(0.001);
    expect(Math.abs(ci95[1] - (-15 / 102 + half))).toBeLessThan(0.001);
    expect(p).toBeCloseTo(mcnemar([...Array(5).fill(1), ...Array(20).fill(-1)]), 12);
  });

  it('knows of pairs that are all alike within their starts no more than of one pair each', () => {
    const one = pairedDifference([...alike(4, 0, 1), ...alike(16, 0, 0)]);
    const ten = pairedDifference([...alike(4, 0, 10, 10), ...alike(16, 0, 0, 10)]);
    const width = ({ ci95: [low, high] }: typeof one) => high - low;
    expect(ten.difference).toBe(one.difference);
    expect(Math.abs(width(ten) / width(one) - 1)).toBeLessThan(0.05);
    const none = pairedDifference(alike(20, 0, 0, 10));
    expect(none.ci95).toEqual(pairedDifference(alike(20, 0, 0)).ci95);
    expect(none.p).toBe(1);
  });

  it.each([
    { starts: 20, noises: 5, shared: 0.2, rates: [0.9, 0.8] },
    { starts: 20, noises: 5, shared: 0.5, rates: [0.95, 0.6] },
    { starts: 20, noises: 10, shared: 0, rates: [0.5, 0.5] },
    { starts: 50, noises: 4, shared: 0.3, rates: [0.97, 0.93] },
    { starts: 10, noises: 10, shared: 0.3, rates: [0.9, 0.7] },
    { starts: 100, noises: 1, shared: 0, rates: [0.9, 0.7] },
  ])(
    'has an interval that covers it: $starts starts, $noises noises',
    ({ starts, noises, shared, rates: [control, perturbed] }) => {
      const random = Random.of(7, starts, noises);
      const draw = () => [random.uniform(), random.uniform()];
      const experiments = 1000;
      let covered = 0;
      for (let k = 0; k < experiments; k++) {
        const { ci95 } = pairedDifference(
          Array.from({ length: starts }, () => {
            const common = draw();
            const outcomes = { pairs: noises, gained: 0, lost: 0 };
            for (let i = 0; i < noises; i++) {
              const [u, v] = random.uniform() < shared ? common : draw();
              if (u >= control && v < perturbed) outcomes.gained++;
              if (u < control && v >= perturbed) outcomes.lost++;
            }
            return outcomes;
          }),
        );
        if (ci95[0] <= perturbed - control && perturbed - control <= ci95[1]) covered++;
      }
      expect(covered / experiments).toBeGreaterThan(0.93);
      expect(covered / experiments).toBeLessThan(0.975);
    },
  );
});
