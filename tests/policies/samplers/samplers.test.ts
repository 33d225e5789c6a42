import type { Tensor1D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import type { Network } from '../../../policies/networks/network.ts';
import { squaredCosineSchedule } from '../../../policies/noise-schedule.ts';
import { type DiffusionConfig, diffusionPath, STRAIGHT_PATH } from '../../../policies/paths.ts';
import { Random } from '../../../policies/random.ts';
import { compileSampler } from '../../../policies/samplers/compile.ts';
import { ddim } from '../../../policies/samplers/ddim.ts';
import { ddpm } from '../../../policies/samplers/ddpm.ts';
import { direct } from '../../../policies/samplers/direct.ts';
import { dpmSolver } from '../../../policies/samplers/dpm-solver.ts';
import { euler } from '../../../policies/samplers/euler.ts';
import { followPlan } from '../../../policies/samplers/follow.ts';
import { heun } from '../../../policies/samplers/heun.ts';
import { oneStep } from '../../../policies/samplers/one-step.ts';
import { renoise } from '../../../policies/samplers/renoise.ts';
import type { SamplerPlan } from '../../../policies/samplers/sampler.ts';
import { formula } from '../../support/formula.ts';

/** Draws `count` independent numbers: one row, a chunk of `count` steps. */
async function draw(
  network: Network,
  plan: SamplerPlan,
  count: number,
  { seed = 7, noisy = true }: { seed?: number; noisy?: boolean } = {},
): Promise<Float32Array> {
  const sampler = await compileSampler(createCompiledEngine(), {
    network,
    weights: new Float32Array(1),
    plan,
    batch: 1,
    chunk: [count, 1],
    observationSize: 1,
    noisy,
  });
  try {
    return (await sampler.draw(new Float32Array(1), [Random.of(seed)])).chunk;
  } finally {
    await sampler.dispose();
  }
}

/** The noise that `draw` starts from. */
const normals = (count: number, seed = 7) => Random.of(seed).fillNormal(new Float32Array(count));

function moments(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Data are N(MEAN, DEVIATION²): small enough that clipping at ±1 does not matter. */
const MEAN = 0.2;
const DEVIATION = 0.15;

const CONFIGS: readonly DiffusionConfig[] = [
  { steps: 100, prediction: 'epsilon' },
  { steps: 100, prediction: 'v' },
  { steps: 100, prediction: 'data' },
  { steps: 1000, prediction: 'v' },
];

/**
 * The best possible answer where the data are Gaussian: x_k has mean √ᾱ·m and variance
 * ᾱ·s² + 1 − ᾱ, and E[ε | x] = √(1−ᾱ)·(x − √ᾱ·m) / (ᾱ·s² + 1 − ᾱ).
 */
function gaussianDenoiser({ steps, prediction }: DiffusionConfig): Network {
  const alphaBar = squaredCosineSchedule(steps);
  return formula((x, time) => {
    const k = tf.cast(tf.add(tf.mul(tf.reshape(time, [-1]), steps), 0.5), 'int32') as Tensor1D;
    const kept = tf.reshape(tf.gather(tf.tensor1d(Float32Array.from(alphaBar)), k), [-1, 1, 1]);
    const sigma = tf.sqrt(tf.sub(1, kept));
    const signal = tf.sqrt(kept);
    const variance = tf.add(tf.mul(kept, DEVIATION ** 2), tf.sub(1, kept));
    const away = tf.sub(x, tf.mul(signal, MEAN));
    const epsilon = tf.div(tf.mul(sigma, away), variance);
    if (prediction === 'epsilon') return epsilon;
    const data = tf.add(MEAN, tf.div(tf.mul(tf.mul(signal, DEVIATION ** 2), away), variance));
    if (prediction === 'data') return data;
    return tf.sub(tf.mul(signal, epsilon), tf.mul(sigma, data));
  });
}

/** Diffusion steps a plan stands at, K first, 0 last. */
function stations(plan: SamplerPlan, { steps }: DiffusionConfig): number[] {
  return [...plan.map(({ time }) => Math.round(time * steps)), 0];
}

/**
 * What deterministic DDIM makes of the noise's spread, in closed form: with the deviation
 * z = x − √ᾱ·m, a step from ᾱ to ᾱ' multiplies z by (√(ᾱᾱ')·s² + √((1−ᾱ)(1−ᾱ')))/(ᾱs² + 1 − ᾱ).
 */
function ddimSpread(ks: readonly number[], alphaBar: Float64Array): number {
  let factor = 1;
  for (let i = 0; i + 1 < ks.length; i++) {
    const from = alphaBar[ks[i]];
    const to = alphaBar[ks[i + 1]];
    const variance = from * DEVIATION ** 2 + 1 - from;
    factor *= (Math.sqrt(from * to) * DEVIATION ** 2 + Math.sqrt((1 - from) * (1 - to))) / variance;
  }
  return factor;
}

describe.each(CONFIGS)(
  'DDIM with η = 0, K = $steps and $prediction-prediction, on Gaussian data,',
  (config) => {
    const network = gaussianDenoiser(config);

    it('gives the same data for the same noise, with the spread of the closed form', async () => {
      const noise = normals(2000);
      const plan = ddim(config, 25);
      const first = await draw(network, plan, 2000);
      expect(await draw(network, plan, 2000)).toEqual(first);
      const factor = ddimSpread(stations(plan, config), squaredCosineSchedule(config.steps));
      const drawn = moments(first);
      const started = moments(noise);
      expect(drawn.deviation / started.deviation).toBeCloseTo(factor, 3);
      expect(drawn.mean - factor * started.mean).toBeCloseTo(MEAN, 3);
    });
  },
);

describe('DDIM', () => {
  it("reaches the data's spread as its steps get finer", () => {
    const error = (steps: number) => {
      const config = { steps: 1000, prediction: 'v' } as const;
      const ks = stations(ddim(config, steps), config);
      return Math.abs(ddimSpread(ks, squaredCosineSchedule(1000)) / DEVIATION - 1);
    };
    expect(error(1000)).toBeLessThan(0.02);
    expect(error(100)).toBeLessThan(error(50));
    expect(error(50)).toBeLessThan(error(10));
  });

  it('visits the steps it is told to, from pure noise on, evenly spaced', () => {
    const config = { steps: 100, prediction: 'v' } as const;
    expect(stations(ddim(config, 5), config)).toEqual([100, 80, 60, 40, 20, 0]);
    expect(stations(ddim(config, 1), config)).toEqual([100, 0]);
    expect(stations(ddim(config, 100), config)).toHaveLength(101);
  });
});

describe('DDPM', () => {
  const config: DiffusionConfig = { steps: 100, prediction: 'v' };

  // Few steps are one program, many are a loop over one step's program.
  it.each([10, 100])('draws data of the variance of the closed form, K = %d', async (steps) => {
    const config: DiffusionConfig = { steps, prediction: 'v' };
    const count = 4000;
    const network = gaussianDenoiser(config);
    const first = await draw(network, ddpm(config), count);
    const alphaBar = squaredCosineSchedule(steps);
    // z' = (c_x + c_y·√ᾱ·s²/V)·z + √β̃·n, with the coefficients of Ho et al., equation 7.
    let variance = 1;
    for (let k = steps; k >= 1; k--) {
      const from = alphaBar[k];
      const to = alphaBar[k - 1];
      const alpha = from / to;
      const cx = (Math.sqrt(alpha) * (1 - to)) / (1 - from);
      const cy = (Math.sqrt(to) * (1 - alpha)) / (1 - from);
      const gain =
        cx + (cy * Math.sqrt(from) * DEVIATION ** 2) / (from * DEVIATION ** 2 + 1 - from);
      variance = gain ** 2 * variance + ((1 - to) / (1 - from)) * (1 - alpha);
    }
    const { mean, deviation } = moments(first);
    // Four standard errors.
    expect(Math.abs(mean - MEAN)).toBeLessThan((4 * DEVIATION) / Math.sqrt(count));
    expect(Math.abs(deviation / Math.sqrt(variance) - 1)).toBeLessThan(4 / Math.sqrt(2 * count));
    if (steps === 100) expect(Math.abs(Math.sqrt(variance) / DEVIATION - 1)).toBeLessThan(0.1);
    expect(await draw(network, ddpm(config), count)).toEqual(first);
    expect(await draw(network, ddpm(config), count, { seed: 8 })).not.toEqual(first);
  });

  it('takes every diffusion step, the last without noise', () => {
    const plan = ddpm(config);
    expect(plan.map(({ time }) => Math.round(time * 100))).toEqual(
      Array.from({ length: 100 }, (_, i) => 100 - i),
    );
    expect(plan.slice(0, -1).every(({ next }) => next.noise > 0)).toBe(true);
    expect(plan.at(-1)?.next.noise).toBe(0);
  });

  it("adds noise of the posterior's variance β̃ = (1−ᾱ')/(1−ᾱ)·β", () => {
    const alphaBar = squaredCosineSchedule(100);
    ddpm(config).forEach(({ next }, i) => {
      const k = 100 - i;
      const beta = 1 - alphaBar[k] / alphaBar[k - 1];
      const posterior = ((1 - alphaBar[k - 1]) / (1 - alphaBar[k])) * beta;
      expect(next.noise).toBeCloseTo(Math.sqrt(posterior), 10);
    });
  });

  it('has the posterior mean of Ho et al., equation 7', () => {
    const alphaBar = squaredCosineSchedule(100);
    ddpm(config).forEach(({ next }, i) => {
      const k = 100 - i;
      const alpha = alphaBar[k] / alphaBar[k - 1];
      const rest = 1 - alphaBar[k];
      expect(next.y).toBeCloseTo((Math.sqrt(alphaBar[k - 1]) * (1 - alpha)) / rest, 8);
      expect(next.x).toBeCloseTo((Math.sqrt(alpha) * (1 - alphaBar[k - 1])) / rest, 8);
    });
  });
});

describe('Euler', () => {
  it('follows the straight line from (0, 0) to (8, 8) exactly, in one step or in ten', async () => {
    const velocity = formula((x) => tf.fill(x.shape, 8));
    expect(Array.from(await draw(velocity, euler(1), 2, { noisy: false }))).toEqual([8, 8]);
    let x = 0;
    const passed = euler(10).map(({ next }) => {
      x = next.x * x + next.y * 8;
      return x;
    });
    passed.forEach((value, i) => {
      expect(value).toBeCloseTo(0.8 * (i + 1), 12);
    });
  });

  it('asks the network at τ = 0 first and never at τ = 1', () => {
    expect(euler(4).map(({ time }) => time)).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it('is of order one: half the step, half the error', async () => {
    // v = a + 1 from a = 0 has the solution e − 1 at τ = 1.
    const field = formula((x) => tf.add(x, 1));
    const error = async (steps: number) =>
      Math.abs((await draw(field, euler(steps), 1, { noisy: false }))[0] - (Math.E - 1));
    const order = Math.log2((await error(16)) / (await error(32)));
    expect(order).toBeGreaterThan(0.9);
    expect(order).toBeLessThan(1.1);
  });
});

describe('the direct answer of a regression', () => {
  it('is the network’s, whatever the noise', async () => {
    const network = formula((x) => tf.fill(x.shape, 0.25));
    expect(Array.from(await draw(network, direct(), 3))).toEqual([0.25, 0.25, 0.25]);
  });
});

describe('a compiled plan', () => {
  const config: DiffusionConfig = { steps: 100, prediction: 'v' };

  // Up to 16 steps are one program, more are a loop over one step's program.
  it.each<[string, SamplerPlan]>([
    ['DDIM with η = 0.7', ddim(config, 8, 0.7)],
    ['DDIM with η = 0.7, looped,', ddim(config, 30, 0.7)],
    ['DPM-Solver++(2M)', dpmSolver(config, 8)],
    ['DPM-Solver++(2M), looped,', dpmSolver(config, 30)],
    ['Heun', heun(4)],
    ['Heun, looped,', heun(15)],
    ['renoising', renoise(STRAIGHT_PATH, 6)],
    ['renoising of a diffusion, looped,', renoise(diffusionPath(config), 20)],
    ['one step', oneStep()],
  ])('%s does what its coefficients say, in f32', async (_, plan) => {
    const network = formula((x, time) => tf.sub(tf.mul(x, -0.6), tf.mul(time, 0.3)));
    const drawn = await draw(network, plan, 5);
    const random = Random.of(7);
    const start = Float64Array.from(random.fillNormal(new Float32Array(5)));
    const answer = (x: Float64Array, time: number) => x.map((each) => -0.6 * each - 0.3 * time);
    const [end] = (await followPlan(plan, answer, start, () => random.normal())).slice(-1);
    drawn.forEach((value, i) => {
      expect(value).toBeCloseTo(end[i], 4);
    });
  });
});
