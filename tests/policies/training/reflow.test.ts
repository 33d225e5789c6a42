import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import type { Network } from '../../../policies/networks/network.ts';
import { type Flow, reflowWindows } from '../../../policies/training/reflow.ts';
import { straightness } from '../../../policies/training/straightness.ts';
import type { TrainingWindows } from '../../../policies/training/windows.ts';
import { formula } from '../../support/formula.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';

const engine = keepingEngine();
const SHAPE = { horizon: 3, actionDim: 2, observationDim: 1 };
const COUNT = 11;
const WINDOWS = { count: COUNT, observations: Float32Array.from({ length: COUNT }, (_, i) => i) };

/** v = observation − noise all along the way: every path is straight and ends at the observation. */
const TO_OBSERVATION: Flow = {
  // On the way at τ: a = (1−τ)·noise + τ·o, so (o − a)/(1 − τ) is o − noise; near the end a limit.
  network: formula((x, time, o) => tf.div(tf.sub(o, x), tf.maximum(tf.sub(1, time), 1e-3))),
  shape: SHAPE,
  weights: new Float32Array(1),
};

/** What v = −c·a makes of its noise: e^−c times it. */
function shrinking(rate: number): Flow {
  return { ...TO_OBSERVATION, network: formula((x) => tf.mul(x, -rate)) };
}

async function draw(
  flow: Flow,
  options = {},
): Promise<TrainingWindows & Required<Pick<TrainingWindows, 'noise'>>> {
  const drawn = await reflowWindows(engine, flow, WINDOWS, {
    seed: 4,
    pairs: 1,
    batch: 4,
    ...options,
  });
  if (!drawn?.noise) throw new Error('expected windows with noise');
  return { ...drawn, noise: drawn.noise };
}

describe('the pairs reflow trains on', () => {
  it('are a noise and what the flow makes of it, to the accuracy of ten Euler steps', async () => {
    const { noise, chunks, count } = await draw(shrinking(0.7));
    expect(count).toBe(COUNT);
    expect(chunks).toHaveLength(COUNT * 6);
    const factor = (1 - 0.7 / 10) ** 10;
    chunks.forEach((value, i) => {
      expect(value).toBeCloseTo(factor * noise[i], 5);
    });
  });

  it('belong to the observations they stand beside', async () => {
    const shifted = { ...TO_OBSERVATION, network: formula((x, _, o) => tf.add(tf.mul(x, 0), o)) };
    const { noise, chunks, observations } = await draw(shifted);
    expect(observations).toEqual(WINDOWS.observations);
    chunks.forEach((value, i) => {
      expect(value - noise[i]).toBeCloseTo(Math.floor(i / 6), 4);
    });
  });

  it('are as many an observation as wanted, each with a noise of its own', async () => {
    const { noise, observations, count } = await draw(shrinking(0), { pairs: 3 });
    expect(count).toBe(3 * COUNT);
    expect(new Set(noise).size).toBe(noise.length);
    expect(observations.subarray(COUNT, 2 * COUNT)).toEqual(WINDOWS.observations);
  });

  it('start from standard normal noise, another in each window', async () => {
    const many = { count: 2000, observations: new Float32Array(2000) };
    const drawn = await reflowWindows(engine, shrinking(0), many, { seed: 1, pairs: 1 });
    const noise = drawn?.noise ?? new Float32Array(0);
    expect(noise).toHaveLength(12_000);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    // Four standard errors.
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(noise.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / noise.length));
    expect(new Set(noise).size).toBeGreaterThan(11_900);
  });

  it('are the same for the same seed, others for another', async () => {
    const first = await draw(shrinking(0.7));
    expect(await draw(shrinking(0.7))).toEqual(first);
    expect((await draw(shrinking(0.7), { seed: 5 })).noise).not.toEqual(first.noise);
  });

  it('follow the instruction of their window, as strongly as is asked', async () => {
    // The same velocity all along the way: the instruction's number; nothing where it is silent.
    const network: Network = {
      ...TO_OBSERVATION.network,
      apply: (_, { actions, text }) =>
        tf.add(tf.mul(actions, 0), tf.expandDims(text as Tensor2D, 1)) as Tensor3D,
    };
    const silence = Float32Array.of(0);
    const text = {
      rows: [Float32Array.of(1), Float32Array.of(-2)],
      of: Uint32Array.from({ length: COUNT }, (_, i) => i % 2),
      silence,
    };
    const drawn = await reflowWindows(
      engine,
      { network, shape: SHAPE, weights: new Float32Array(1), guidance: { scale: 3, silence } },
      { ...WINDOWS, text },
      { seed: 4, pairs: 2, batch: 4 },
    );
    expect(drawn?.text?.of).toEqual(Uint32Array.of(...text.of, ...text.of));
    const { chunks, noise = new Float32Array(0) } = drawn ?? { chunks: new Float32Array(0) };
    expect(chunks).toHaveLength(2 * COUNT * 6);
    chunks.forEach((value, i) => {
      const window = Math.floor(i / 6) % COUNT;
      expect(value - noise[i]).toBeCloseTo(window % 2 === 0 ? 3 : -6, 4);
    });
  });

  it('are not made when told to stop', async () => {
    const shares: number[] = [];
    const goOn = async (share: number) => shares.push(share) < 3;
    const options = { seed: 4, pairs: 1, batch: 4, goOn };
    expect(await reflowWindows(engine, shrinking(1), WINDOWS, options)).toBeNull();
    expect(shares).toEqual([0, 4 / 11, 8 / 11]);
  });
});

describe('straightness', () => {
  const observations = Float32Array.from({ length: 400 }, (_, i) => Math.sin(i));

  it('is 0 for a flow that goes straight to its end', async () => {
    expect(await straightness(engine, TO_OBSERVATION, observations, 1)).toBeLessThan(1e-3);
  });

  it('is that of the closed form where the data are Gaussian', async () => {
    // Data N(0, s²): a_τ = √V·noise with V = (1−τ)² + τ²s², so S = E‖noise‖²·∫(s − 1 − (√V)′)² dτ.
    const s = 0.25;
    const variance = (tau: number) => (1 - tau) ** 2 + (tau * s) ** 2;
    const rate = (tau: number) => (tau * s * s - (1 - tau)) / Math.sqrt(variance(tau));
    const grid = Array.from({ length: 4000 }, (_, i) => (i + 0.5) / 4000);
    const integral = grid.reduce((sum, tau) => sum + (s - 1 - rate(tau)) ** 2, 0) / 4000;
    const gaussian: Flow = {
      ...TO_OBSERVATION,
      network: formula((x, time) => {
        const data = tf.mul(time, s * s);
        const left = tf.sub(1, time);
        const spread = tf.add(tf.square(left), tf.mul(tf.square(time), s * s));
        return tf.mul(x, tf.div(tf.sub(data, left), spread));
      }),
    };
    const measured = await straightness(engine, gaussian, observations, 1);
    // Twenty Euler steps, and 400 paths of 6 numbers: four standard errors are 12 %.
    expect(measured / (6 * integral)).toBeGreaterThan(0.85);
    expect(measured / (6 * integral)).toBeLessThan(1.15);
  });

  it('is measured on paths from given noise where it is given', async () => {
    // Everything ends at 0, along v = −noise·2τ: S = noise²·∫(−1 + 2τ)² dτ = noise²/3.
    const bent: Flow = {
      ...TO_OBSERVATION,
      network: formula((x, time) =>
        tf.div(tf.mul(x, tf.mul(time, -2)), tf.sub(1, tf.square(time))),
      ),
    };
    const few = observations.subarray(0, 2);
    const starts = new Float32Array(12).fill(2);
    const measured = await straightness(engine, bent, few, 1, starts);
    // 6 numbers of a chunk, 2² / 3 each; the error of twenty Euler steps remains.
    expect(measured / 8).toBeGreaterThan(0.8);
    expect(measured / 8).toBeLessThan(1.2);
    expect(
      await straightness(
        engine,
        bent,
        few,
        1,
        starts.map((x) => 2 * x),
      ),
    ).toBeCloseTo(4 * measured, 2);
  });
});
