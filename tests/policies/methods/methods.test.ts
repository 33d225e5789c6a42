import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import type { ObjectiveSpec } from '../../../policies/config/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import type { Network, NetworkInput } from '../../../policies/networks/network.ts';
import { ParameterTable } from '../../../policies/networks/parameters.ts';
import { squaredCosineSchedule } from '../../../policies/noise-schedule.ts';
import { Random } from '../../../policies/random.ts';
import { createObjective, type Objective } from '../../../policies/training/objective.ts';
import { runOn } from '../../support/engines.ts';

type Flow = Extract<ObjectiveSpec, { kind: 'flow' }>;

const regression = createObjective({ kind: 'regression' });
const flow = (rest: Omit<Flow, 'kind'> = {}) => createObjective({ kind: 'flow', ...rest });

/** The loss of a network that is a formula, for one batch of one-number chunks. */
async function lossOf(
  objective: Objective,
  answer: (input: NetworkInput) => tf.Tensor,
  batch: { actions: number[]; noise: number[]; time: number[] },
): Promise<number> {
  const network: Network = {
    table: new ParameterTable(),
    apply: (_, input) => answer(input) as Tensor3D,
  };
  const count = batch.actions.length;
  const { loss } = await runOn(
    createCompiledEngine(),
    ({ actions, noise, time }) => ({
      loss: objective.loss(network, [], {
        actions: actions as Tensor3D,
        noise: noise as Tensor3D,
        time: time as Tensor1D,
        observation: tf.zeros([count, 1]) as Tensor2D,
      }),
    }),
    [
      { name: 'actions', shape: [count, 1, 1] },
      { name: 'noise', shape: [count, 1, 1] },
      { name: 'time', shape: [count] },
    ],
    {
      actions: Float32Array.from(batch.actions),
      noise: Float32Array.from(batch.noise),
      time: Float32Array.from(batch.time),
    },
  );
  return loss[0];
}

const ANSWERS = Array.from({ length: 81 }, (_, i) => (i - 40) / 40);

/** What each of `ANSWERS` costs where one noise has led to all of these ends. */
function lossesFor(objective: Objective, ends: number[]): Promise<number[]> {
  const zeros = ends.map(() => 0);
  const batch = { actions: ends, noise: zeros, time: zeros };
  const losses = ANSWERS.map((answer) =>
    lossOf(objective, () => tf.fill([ends.length, 1, 1], answer), batch),
  );
  return Promise.all(losses);
}

const column = (values: number[]) => tf.tensor3d(values, [values.length, 1, 1]);

describe('regression', () => {
  it('is minimised by the mean of contradicting demonstrations', async () => {
    const batch = { actions: [0.8, -0.8], noise: [0.3, 1.2], time: [0, 0] };
    const at = (value: number) =>
      lossOf(regression, ({ actions }) => tf.fill(actions.shape, value), batch);
    expect(await at(0)).toBeCloseTo(0.64, 6);
    for (const value of [-0.8, -0.1, 0.1, 0.8]) expect(await at(value)).toBeGreaterThan(0.64);
  });

  it('shows the network no noise and no time', async () => {
    const batch = { actions: [0], noise: [3], time: [0] };
    expect(await lossOf(regression, ({ actions }) => actions, batch)).toBe(0);
    expect(regression.drawTime(Random.of(1))).toBe(0);
  });
});

describe('flow matching', () => {
  // The worked example: noise at 0, data at 8.
  const batch = { actions: [8, 8], noise: [0, 0], time: [0.3, 0.8] };

  it('stands at 2.4 at τ = 0.3 and at 6.4 at τ = 0.8 on the way from 0 to 8', async () => {
    // With the right velocity added to where the path stands, the loss tells where that is.
    const loss = await lossOf(
      flow(),
      ({ actions }) => tf.add(8, tf.sub(actions, column([2.4, 6.4]))),
      batch,
    );
    expect(loss).toBeCloseTo(0, 10);
  });

  it('wants the velocity data − noise, at every τ', async () => {
    expect(await lossOf(flow(), ({ actions }) => tf.fill(actions.shape, 8), batch)).toBe(0);
    expect(await lossOf(flow(), ({ actions }) => tf.fill(actions.shape, 7), batch)).toBe(1);
  });

  it.each<[NonNullable<Flow['time']> | undefined, (tau: number) => number]>([
    [undefined, (tau) => tau],
    ['uniform', (tau) => tau],
    // It favours the noise: half of the times lie before 0.37.
    ['beta', (tau) => 1 - Math.max(0, 1 - tau / 0.999) ** 1.5],
  ])('draws τ with the density "%s"', (time, distribution) => {
    const objective = flow({ time });
    const random = Random.of(5);
    const times = Array.from({ length: 4000 }, () => objective.drawTime(random));
    times.sort((a, b) => a - b);
    const gap = Math.max(...times.map((tau, i) => Math.abs(distribution(tau) - (i + 0.5) / 4000)));
    // Kolmogorov and Smirnov's bound at 0.1 %.
    expect(gap).toBeLessThan(1.95 / Math.sqrt(4000));
  });

  it('learns the mean of pairs it cannot tell apart, but in a reflow where most of them went', async () => {
    const best = async (objective: Objective) => {
      const losses = await lossesFor(objective, [0.8, 0.8, -0.8]);
      return ANSWERS[losses.indexOf(Math.min(...losses))];
    };
    expect(await best(flow())).toBeCloseTo(0.8 / 3, 1);
    expect(await best(flow({ coupling: 'reflow' }))).toBeCloseTo(0.8, 1);
  });

  it('of a reflow would rather learn either of two ends than anything between', async () => {
    const losses = await lossesFor(flow({ coupling: 'reflow' }), [0.8, -0.8]);
    const lossAt = (answer: number) => losses[ANSWERS.indexOf(answer)];
    const between = ANSWERS.filter((answer) => Math.abs(answer) < 0.6).map(lossAt);
    for (const end of [0.8, -0.8]) expect(lossAt(end)).toBeLessThan(Math.min(...between) * 0.6);
  });

  it('of a reflow is the squared error where that is small', async () => {
    const pair = { actions: [0.5], noise: [0], time: [0] };
    const answer = () => tf.fill([1, 1, 1], 0.501);
    const [near, square] = [flow({ coupling: 'reflow' }), flow()];
    expect(await lossOf(near, answer, pair)).toBeCloseTo(await lossOf(square, answer, pair), 8);
  });

  it('draws seven of eight τ at the start where asked to, and the others even', () => {
    const objective = flow({ time: 'start' });
    const random = Random.of(5);
    const times = Array.from({ length: 4000 }, () => objective.drawTime(random));
    const later = times.filter((tau) => tau > 0).sort((a, b) => a - b);
    // Four standard errors of a coin that falls so once in eight.
    const error = Math.sqrt((1 / 8) * (7 / 8) * (1 / 4000));
    expect(Math.abs(later.length / 4000 - 1 / 8)).toBeLessThan(4 * error);
    const gap = Math.max(...later.map((tau, i) => Math.abs(tau - (i + 0.5) / later.length)));
    expect(gap).toBeLessThan(1.95 / Math.sqrt(later.length));
  });

  it('draws logit-normal τ: 68 % within one standard deviation of 1/2 in logits', () => {
    const objective = flow({ time: 'logit-normal' });
    const random = Random.of(5);
    const logits = Array.from({ length: 4000 }, () => {
      const tau = objective.drawTime(random);
      return Math.log(tau / (1 - tau));
    });
    const below = (z: number) => logits.filter((logit) => logit < z).length / 4000;
    for (const [z, probability] of [
      [-1, 0.1587],
      [0, 0.5],
      [1, 0.8413],
      [2, 0.9772],
    ]) {
      expect(Math.abs(below(z) - probability)).toBeLessThan(1.95 / Math.sqrt(4000));
    }
  });
});

describe.each(['epsilon', 'v', 'data'] as const)('diffusion with %s-prediction', (prediction) => {
  const objective = createObjective({ kind: 'diffusion', steps: 100, prediction });
  const alphaBar = squaredCosineSchedule(100);
  const batch = { actions: [0.5, -0.25], noise: [1.5, -0.5], time: [0.1, 0.9] };
  const signal = [10, 90].map((k) => Math.sqrt(alphaBar[k]));
  const sigma = [10, 90].map((k) => Math.sqrt(1 - alphaBar[k]));
  const target = {
    epsilon: batch.noise,
    v: [0, 1].map((i) => signal[i] * batch.noise[i] - sigma[i] * batch.actions[i]),
    data: batch.actions,
  }[prediction];

  it('shows the network √ᾱ·data + √(1−ᾱ)·ε and wants its own target back', async () => {
    const noisy = [0, 1].map((i) => signal[i] * batch.actions[i] + sigma[i] * batch.noise[i]);
    const loss = await lossOf(
      objective,
      ({ actions }) => tf.add(column(target), tf.sub(actions, column(noisy))),
      batch,
    );
    expect(loss).toBeCloseTo(0, 10);
  });

  it('is the mean squared error of that target', async () => {
    const loss = await lossOf(objective, () => tf.add(column(target), 0.5), batch);
    expect(loss).toBeCloseTo(0.25, 6);
  });

  it('draws every k from 1 to K, none of them 0', () => {
    const random = Random.of(6);
    const ks = new Set(
      Array.from({ length: 3000 }, () => Math.round(objective.drawTime(random) * 100)),
    );
    expect(ks.size).toBe(100);
    expect(Math.min(...ks)).toBe(1);
    expect(Math.max(...ks)).toBe(100);
  });
});

describe('the squared-cosine schedule', () => {
  it.each([10, 100, 1000])('falls from 1 to almost nothing over %d steps', (steps) => {
    const alphaBar = squaredCosineSchedule(steps);
    expect(alphaBar).toHaveLength(steps + 1);
    expect(alphaBar[0]).toBe(1);
    for (let k = 1; k <= steps; k++) {
      expect(alphaBar[k]).toBeLessThan(alphaBar[k - 1]);
      expect(1 - alphaBar[k] / alphaBar[k - 1]).toBeLessThanOrEqual(0.999 + 1e-12);
    }
    expect(alphaBar[steps]).toBeGreaterThan(0);
    expect(alphaBar[steps]).toBeLessThan(1e-3);
  });

  it('is the curve of Nichol and Dhariwal away from its clipped end', () => {
    const alphaBar = squaredCosineSchedule(1000);
    const f = (k: number) => Math.cos((((k / 1000 + 0.008) / 1.008) * Math.PI) / 2) ** 2;
    for (const k of [1, 100, 500, 900]) expect(alphaBar[k]).toBeCloseTo(f(k) / f(0), 10);
  });
});
