import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import type { ObjectiveSpec } from '../../../policies/config/index.ts';
import { createCompiledEngine, type Engine } from '../../../policies/engine/index.ts';
import { NetworkPolicy } from '../../../policies/network-policy.ts';
import type { Network } from '../../../policies/networks/network.ts';
import { squaredCosineSchedule } from '../../../policies/noise-schedule.ts';
import { Random } from '../../../policies/random.ts';
import { compileSampler } from '../../../policies/samplers/compile.ts';
import { ddim } from '../../../policies/samplers/ddim.ts';
import { direct } from '../../../policies/samplers/direct.ts';
import { dpmSolver } from '../../../policies/samplers/dpm-solver.ts';
import { euler } from '../../../policies/samplers/euler.ts';
import { heun } from '../../../policies/samplers/heun.ts';
import { type InpaintingStep, inpaintingSteps } from '../../../policies/samplers/inpainting.ts';
import { prefixWeights } from '../../../policies/samplers/known-actions.ts';
import type { SamplerPlan } from '../../../policies/samplers/sampler.ts';
import { ENGINES, relativeError } from '../../support/engines.ts';
import { formula } from '../../support/formula.ts';
import { tinyPolicy } from '../../support/tiny-policy.ts';

const FLOW: ObjectiveSpec = { kind: 'flow' };
const EPSILON: ObjectiveSpec = { kind: 'diffusion', steps: 100, prediction: 'epsilon' };
const V: ObjectiveSpec = { kind: 'diffusion', steps: 100, prediction: 'v' };

interface Drawing {
  readonly known?: readonly number[];
  readonly weight?: readonly number[];
  readonly steps?: readonly InpaintingStep[];
}

/** Draws one chunk of numbers, Da = 1, that goes on from `known` where there is any. */
async function draw(
  network: Network,
  plan: SamplerPlan,
  length: number,
  { known, weight, steps }: Drawing = {},
): Promise<number[]> {
  const sampler = await compileSampler(createCompiledEngine(), {
    network,
    weights: new Float32Array(1),
    plan,
    batch: 1,
    chunk: [length, 1],
    observationSize: 1,
    noisy: true,
    ...(steps && { inpainting: steps }),
  });
  const given = known &&
    weight && { known: Float32Array.from(known), weight: Float32Array.from(weight) };
  try {
    return Array.from((await sampler.draw(new Float32Array(1), [Random.of(7)], given)).chunk);
  } finally {
    await sampler.dispose();
  }
}

/** The best answer to data that are N(0, Σ), E[data − noise | x]: linear in x. */
function gaussianFlow(covariance: readonly (readonly number[])[]): Network {
  const size = covariance.length;
  const sigma = () => tf.tensor2d(covariance.flat(), [size, size]);
  return formula((x, time) => {
    // For two numbers (Σ' = τ²Σ + (1−τ)²I)⁻¹ is the adjugate by the determinant.
    const tau = tf.reshape(time, [1, 1]);
    const spread = tf.add(
      tf.mul(tf.square(tau), sigma()),
      tf.mul(tf.square(tf.sub(1, tau)), tf.tensor2d([1, 0, 0, 1], [2, 2])),
    );
    const [a, b, , d] = tf.split(tf.reshape(spread, [4]), 4);
    const determinant = tf.sub(tf.mul(a, d), tf.square(b));
    const adjugate = tf.reshape(tf.concat([d, tf.neg(b), tf.neg(b), a]), [2, 2]);
    const solved = tf.div(tf.matMul(adjugate, tf.reshape(x, [2, 1])), determinant);
    const data = tf.matMul(tf.mul(sigma(), tau), solved);
    const noise = tf.mul(solved, tf.sub(1, tau));
    return tf.reshape(tf.sub(data, noise), x.shape);
  });
}

/** The best answer to data that are N(0, 1), each number by itself. */
function unitGaussian(objective: ObjectiveSpec): Network {
  if (objective.kind === 'flow') {
    return formula((x, tau) => {
      const variance = tf.add(tf.square(tau), tf.square(tf.sub(1, tau)));
      return tf.div(tf.mul(x, tf.sub(tf.mul(2, tau), 1)), variance);
    });
  }
  if (objective.kind !== 'diffusion') throw new Error(`expected noise, got ${objective.kind}`);
  const { steps, prediction } = objective;
  const alphaBar = Float32Array.from(squaredCosineSchedule(steps));
  return formula((x, time) => {
    // data = √ᾱ·x and ε = √(1−ᾱ)·x, so that v = √ᾱ·ε − √(1−ᾱ)·data = 0.
    if (prediction === 'v') return tf.zerosLike(x);
    const k = tf.cast(tf.add(tf.mul(tf.reshape(time, [-1]), steps), 0.5), 'int32') as Tensor1D;
    const kept: Tensor = tf.reshape(tf.gather(tf.tensor1d(alphaBar), k), [-1, 1, 1]);
    return tf.mul(x, tf.sqrt(tf.sub(1, kept))) as Tensor3D;
  });
}

describe('the weights of a prefix', () => {
  it('are 1 before the delay, 0 behind the last chunk, and fall between as published', () => {
    // By hand for Tp = 6, d = 1, an overlap of 4: c = 3/4, 2/4, 1/4.
    const soft = (c: number) => (c * (Math.exp(c) - 1)) / (Math.E - 1);
    const expected = [1, soft(0.75), soft(0.5), soft(0.25), 0, 0];
    prefixWeights(6, 1, 4).forEach((weight, i) => {
      expect(weight).toBeCloseTo(expected[i], 6);
    });
  });

  it('never rise, whatever the horizons', () => {
    const horizons = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)).map((sizes) => {
      const [frozen, overlap, horizon] = sizes.sort((a, b) => a - b);
      return { frozen, overlap, horizon };
    });
    fc.assert(
      fc.property(horizons, ({ frozen, overlap, horizon }) => {
        const weights = Array.from(prefixWeights(horizon, frozen, overlap));
        expect(weights).toHaveLength(horizon);
        expect(weights.slice(0, frozen).every((weight) => weight === 1)).toBe(true);
        expect(weights.slice(overlap).every((weight) => weight === 0)).toBe(true);
        const between = weights.slice(frozen, overlap);
        expect(between.every((weight) => weight > 0 && weight < 1)).toBe(true);
        expect(weights).toEqual(weights.toSorted((a, b) => b - a));
      }),
    );
  });
});

describe('guided inpainting', () => {
  const KNOWN = [0.8, -0.5, 0, 0, 0];
  const WEIGHT = [1, 1, 0, 0, 0];

  // With five steps no weight but the first, which meets no gradient, is cut off at β: r² is exact
  // for data of variance 1, so each step aims its estimate of what is known straight at it.
  it.each<[string, ObjectiveSpec, SamplerPlan]>([
    ['Euler', FLOW, euler(5)],
    ['Heun', FLOW, heun(3)],
    ['DDIM with ε', EPSILON, ddim({ steps: 100, prediction: 'epsilon' }, 5)],
    ['DDIM with v', V, ddim({ steps: 100, prediction: 'v' }, 5)],
    ['DPM-Solver++(2M)', V, dpmSolver({ steps: 100, prediction: 'v' }, 5)],
  ])(
    'by %s ends in the known actions where data are N(0, 1), and leaves the rest',
    async (_, objective, plan) => {
      const network = unitGaussian(objective);
      const free = await draw(network, plan, 5);
      const steps = inpaintingSteps(objective, plan);
      const drawn = await draw(network, plan, 5, { known: KNOWN, weight: WEIGHT, steps });
      drawn.forEach((value, i) => {
        expect(value).toBeCloseTo(WEIGHT[i] === 1 ? KNOWN[i] : free[i], 5);
      });
      expect(Math.abs(free[0] - KNOWN[0])).toBeGreaterThan(0.05);
    },
  );

  it.each([10, 40])('ends part of the way where the weight is less, in %d steps', async (count) => {
    const weight = [1, 0.6, 0.3, 0.1, 0];
    const plan = euler(count);
    const steps = inpaintingSteps(FLOW, plan);
    const known = [0.5, 0.5, 0.5, 0.5, 0.5];
    const drawn = await draw(unitGaussian(FLOW), plan, 5, { known, weight, steps });
    const start = Random.of(7).fillNormal(new Float32Array(5));
    drawn.forEach((value, i) => {
      // The guided flow of one number with data N(0, 1), written out.
      let x = start[i];
      for (let n = 0; n < count; n++) {
        const tau = n / count;
        const variance = tau ** 2 + (1 - tau) ** 2;
        const gradient = tau / variance;
        const guidance = Math.min(5, variance / (tau * (1 - tau)));
        const velocity = ((2 * tau - 1) / variance) * x;
        x += (velocity + guidance * gradient * weight[i] * (known[i] - gradient * x)) / count;
      }
      expect(value).toBeCloseTo(x, 4);
    });
  });

  it('moves the rest to its mean given the known, ρ·Y for data of correlation ρ', async () => {
    const rho = 0.3;
    const network = gaussianFlow([
      [1, rho],
      [rho, 1],
    ]);
    const plan = euler(60);
    // Without β: where the published weight has no bound the posterior is met.
    const unbounded = inpaintingSteps(FLOW, plan).map(({ data }, i) => {
      const tau = i / plan.length;
      return { data, gain: tau === 0 ? 0 : (tau ** 2 + (1 - tau) ** 2) / (tau * (1 - tau)) };
    });
    const restFor = async (known: number, steps: readonly InpaintingStep[]) =>
      draw(network, plan, 2, { known: [known, 0], weight: [1, 0], steps });
    // Everything is linear in Y, so that a difference has no noise left.
    const [plus, minus] = [await restFor(1, unbounded), await restFor(-1, unbounded)];
    expect((plus[0] - minus[0]) / 2).toBeCloseTo(1, 3);
    expect((plus[1] - minus[1]) / 2).toBeCloseTo(rho, 1);
    const published = inpaintingSteps(FLOW, plan);
    const [up, down] = [await restFor(1, published), await restFor(-1, published)];
    expect((up[0] - down[0]) / 2).toBeGreaterThan(0.95);
    expect((up[1] - down[1]) / 2 / rho).toBeGreaterThan(0.8);
  });

  it('asks for nothing, and changes nothing, where no weight is given', async () => {
    const plan = euler(4);
    const network = unitGaussian(FLOW);
    const drawn = await draw(network, plan, 5, {
      known: [9, 9, 9, 9, 9],
      weight: [0, 0, 0, 0, 0],
      steps: inpaintingSteps(FLOW, plan),
    });
    expect(drawn).toEqual(await draw(network, plan, 5));
  });

  it.each(ENGINES.filter(([name]) => name !== 'compiled'))(
    'of a U-Net is on the engine %s what it is compiled',
    async (_, create) => {
      const sampler = { kind: 'ddim', steps: 3, eta: 0 } as const;
      const actions = Random.of(3).fillNormal(new Float32Array(2 * 16));
      const weight = new Float32Array(2 * 8).fill(1, 0, 3);
      const drawOn = async (engine: Engine) => {
        const policy = new NetworkPolicy(engine, tinyPolicy(V));
        const planner = await policy.prepare(2, { sampler, inpainting: true });
        const observation = new Float32Array(12).fill(0.3);
        const streams = [Random.of(1), Random.of(2)];
        const { chunk } = await planner.draw(observation, streams, { known: { actions, weight } });
        await planner.dispose();
        return chunk;
      };
      const compiled = await drawOn(createCompiledEngine());
      expect(relativeError(await drawOn(await create()), compiled)).toBeLessThan(1e-4);
    },
  );

  it('is refused by a regression, saying which policies can', () => {
    expect(() => inpaintingSteps({ kind: 'regression' }, direct())).toThrow(
      /expected a diffusion or flow policy.*got a regression/,
    );
  });
});
