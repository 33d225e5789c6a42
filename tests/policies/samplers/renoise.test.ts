import { describe, expect, it } from 'vitest';
import { diffusionPath, STRAIGHT_PATH } from '../../../policies/paths.ts';
import { Random } from '../../../policies/random.ts';
import { euler } from '../../../policies/samplers/euler.ts';
import { type Answer, followPlan } from '../../../policies/samplers/follow.ts';
import { renoise } from '../../../policies/samplers/renoise.ts';
import type { SamplerPlan } from '../../../policies/samplers/sampler.ts';

const COUNT = 20_000;

/** Where as many independent numbers end that begin as normal noise. */
async function ends(plan: SamplerPlan, answer: Answer, count = COUNT): Promise<Float64Array> {
  const random = Random.of(3);
  const noise = Float64Array.from({ length: count }, () => random.normal());
  const path = await followPlan(plan, answer, noise, () => random.normal());
  return path[path.length - 1];
}

/** The velocity to data that an estimate of them names. */
const towards =
  (estimate: (x: number, tau: number) => number): Answer =>
  (x, tau) =>
    x.map((each) => (estimate(each, tau) - each) / (1 - tau));

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1),
  );
}

describe('renoising', () => {
  it('ends where the last answer is right, whatever was answered before', async () => {
    const misled = towards((_, tau) => (tau < 0.5 ? 3 : 0.25));
    for (const end of await ends(renoise(STRAIGHT_PATH, 10), misled, 5))
      expect(end).toBeCloseTo(0.25, 12);
    // A path that only ever moves on from where it is has the error in it to the end.
    const drifting: Answer = (x, tau) => x.map((each) => (tau < 0.5 ? 3 : 0.25) - each);
    const [end] = await ends(euler(10), drifting, 1);
    expect(Math.abs(end - 0.25)).toBeGreaterThan(0.5);
  });

  it('is Euler in a single call', async () => {
    const answer: Answer = (x, tau) => x.map((each) => 0.3 - each * (1 + tau));
    expect(await ends(renoise(STRAIGHT_PATH, 1), answer, 5)).toEqual(
      await ends(euler(1), answer, 5),
    );
  });

  it('asks evenly from pure noise to τ = 0.9, and adds no noise to what it ends with', () => {
    const plan = renoise(STRAIGHT_PATH, 4);
    for (const [i, tau] of [0, 0.3, 0.6, 0.9].entries()) expect(plan[i].time).toBeCloseTo(tau, 12);
    expect(plan[3].next).toEqual({ x: 0, y: 1, previousY: 0, noise: 0 });
  });

  it('takes a diffusion from its last step to a tenth of its way, each at its level of noise', () => {
    const path = diffusionPath({ steps: 100, prediction: 'v' });
    const plan = renoise(path, 4);
    expect(plan.map(({ time }) => Math.round(100 * time))).toEqual([100, 70, 40, 10]);
    const { signal, noise } = path.levelAt(0.4);
    expect(plan[1].next).toEqual({ x: 0, y: signal, previousY: 0, noise });
    expect(signal ** 2 + noise ** 2).toBeCloseTo(1, 12);
  });

  it.each([4, 20])(
    'spreads Gaussian data of deviation s as far as %i right means allow, which is less than s',
    async (calls) => {
      const s = 0.5;
      // E[data | x], and the deviation it has after each renoising: var ← gain²·(τ²·var + (1−τ)²).
      const gain = (tau: number) => (tau * s * s) / (tau * tau * s * s + (1 - tau) ** 2);
      let variance = 0;
      for (let i = 1; i < calls; i++) {
        const tau = (0.9 * i) / (calls - 1);
        variance = gain(tau) ** 2 * (tau * tau * variance + (1 - tau) ** 2);
      }
      const drawn = deviation(
        await ends(
          renoise(STRAIGHT_PATH, calls),
          towards((x, tau) => gain(tau) * x),
        ),
      );
      expect(Math.abs(drawn / Math.sqrt(variance) - 1)).toBeLessThan(4 / Math.sqrt(2 * COUNT));
      expect(drawn).toBeLessThan(s);
    },
  );
});
