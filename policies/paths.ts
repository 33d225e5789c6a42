import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import { type NoiseSchedule, squaredCosineSchedule } from './noise-schedule.ts';
import type { Random } from './random.ts';

/** The library a function of tensors computes with: the page reads paths, too, and loads none. */
export type TensorFlow = typeof import('@tensorflow/tfjs');

/** How much of the data and of the noise is in a noised sample: x = signal·data + noise·ε. */
export interface NoiseLevel {
  readonly signal: number;
  readonly noise: number;
}

/** What follows from a noised sample and the network's answer F to it: x·(sample) + network·F. */
export interface Estimate {
  readonly x: number;
  readonly network: number;
}

/** A part of the way from data to noise. */
export interface Bin {
  /** Times or diffusion steps at its ends. */
  readonly from: number;
  readonly to: number;
  /** The time a part of the bin is at. @param part in [0, 1) */
  time(part: number): number;
}

/** A batch of chunks on their way, and what the network is to answer to each. */
export interface Joined {
  readonly noisy: Tensor3D;
  readonly target: Tensor3D;
}

/**
 * How data and noise are joined, and what the network answers in between. Whatever is derived from
 * that (losses, samplers' estimates, inpainting, fields of the lesson, noise levels) reads it here.
 * Times are what the network is given: flow time τ or diffusion step k/K.
 */
export interface Path {
  /** K; null where time is continuous. */
  readonly steps: number | null;
  /** Samplers step along the answer itself, a velocity; others towards the data it points to. */
  readonly velocity: boolean;
  levelAt(time: number): NoiseLevel;
  /** A time, every one alike. */
  drawTime(random: Random): number;
  /** The time nearest to a share of the way from noise, 0, to data, 1, at which data are still noised. */
  timeAt(progress: number): number;
  /** The answer that is right for data and noise: data·(their weight) + noise·(its weight). */
  targetAt(time: number): { readonly data: number; readonly noise: number };
  /** Estimates of the data and of the noise ε by an answer. */
  dataAt(time: number): Estimate;
  noiseAt(time: number): Estimate;
  /** Equal parts of the way, from data to noise; fewer where there are fewer diffusion steps. */
  bins(count: number): Bin[];
  /**
   * Joins a batch with its noise at its times.
   *
   * @param actions [B, Tp, Da], as the noise
   * @param time    [B]
   */
  join(
    tf: TensorFlow,
    batch: { readonly actions: Tensor3D; readonly noise: Tensor3D; readonly time: Tensor1D },
  ): Joined;
}

/**
 * The straight path of flow matching, a_τ = (1−τ)·noise + τ·data; the answer is its velocity
 * data − noise. τ = 0 is noise, τ = 1 is data.
 *
 * @see Lipman et al. 2023, arXiv:2210.02747; Liu et al. 2023, arXiv:2209.03003
 */
export const STRAIGHT_PATH: Path = {
  steps: null,
  velocity: true,
  levelAt: (tau) => ({ signal: tau, noise: 1 - tau }),
  drawTime: (random) => random.uniform(),
  timeAt: (progress) => progress,
  targetAt: () => ({ data: 1, noise: -1 }),
  dataAt: (tau) => ({ x: 1, network: 1 - tau }),
  noiseAt: (tau) => ({ x: 1, network: -tau }),
  bins: (count) =>
    partsOf(count).map(([low, high]) => ({
      from: 1 - high / count,
      to: 1 - low / count,
      time: (part) => 1 - (high - part) / count,
    })),
  join(tf, { actions, noise, time }) {
    const tau = tf.reshape(time, [-1, 1, 1]);
    const velocity = tf.sub(actions, noise);
    return { noisy: tf.add(noise, tf.mul(velocity, tau)), target: velocity as Tensor3D };
  },
};

/**
 * What the network's answer stands for: the noise ε, the mixture v = √ᾱ·ε − √(1−ᾱ)·data, or the data.
 *
 * @see Salimans and Ho 2022, section 4, arXiv:2202.00512
 */
export type Prediction = 'epsilon' | 'v' | 'data';

/** By which parts of data and noise an answer is right, in a sample of a level. */
const TARGETS: Readonly<
  Record<Prediction, (level: NoiseLevel) => { readonly data: number; readonly noise: number }>
> = {
  epsilon: () => ({ data: 0, noise: 1 }),
  v: ({ signal, noise }) => ({ data: -noise, noise: signal }),
  data: () => ({ data: 1, noise: 0 }),
};

/** What an answer F to a sample x of a level says of the data. */
const DATA_ESTIMATES: Readonly<Record<Prediction, (level: NoiseLevel) => Estimate>> = {
  epsilon: ({ signal, noise }) => ({ x: 1 / signal, network: -noise / signal }),
  v: ({ signal, noise }) => ({ x: signal, network: -noise }),
  data: () => ({ x: 0, network: 1 }),
};

/** And of the noise. */
const NOISE_ESTIMATES: Readonly<Record<Prediction, (level: NoiseLevel) => Estimate>> = {
  epsilon: () => ({ x: 0, network: 1 }),
  v: ({ signal, noise }) => ({ x: noise, network: signal }),
  data: ({ signal, noise }) => ({ x: 1 / noise, network: -signal / noise }),
};

export interface DiffusionConfig {
  /** K, the number of diffusion steps. */
  readonly steps: number;
  readonly prediction: Prediction;
}

/**
 * Denoising diffusion: a_k = √ᾱ_k·data + √(1−ᾱ_k)·ε for k = 1 … K, at times k/K.
 *
 * @see Ho et al. 2020, eq. 4, arXiv:2006.11239
 */
export function diffusionPath({ steps, prediction }: DiffusionConfig): Path {
  const alphaBar: NoiseSchedule = squaredCosineSchedule(steps);
  const levelAt = (time: number) => diffusionLevel(alphaBar[Math.round(time * steps)]);
  return {
    steps,
    velocity: false,
    levelAt,
    drawTime: (random) => (1 + random.below(steps)) / steps,
    timeAt: (progress) => Math.max(1, Math.round((1 - progress) * steps)) / steps,
    targetAt: (time) => TARGETS[prediction](levelAt(time)),
    dataAt: (time) => DATA_ESTIMATES[prediction](levelAt(time)),
    noiseAt: (time) => NOISE_ESTIMATES[prediction](levelAt(time)),
    bins: (count) =>
      partsOf(count)
        .map(([low, high]) => ({
          from: Math.floor((low * steps) / count) + 1,
          to: Math.floor((high * steps) / count),
        }))
        .filter(({ from, to }) => from <= to)
        .map(({ from, to }) => ({
          from,
          to,
          time: (part) => (from + Math.floor(part * (to - from + 1))) / steps,
        })),
    join(tf, { actions, noise, time }) {
      const k = tf.cast(tf.add(tf.mul(time, steps), 0.5), 'int32');
      const kept = tf.reshape(tf.gather(tf.tensor1d(Float32Array.from(alphaBar)), k), [-1, 1, 1]);
      const signal = tf.sqrt(kept);
      const sigma = tf.sqrt(tf.sub(1, kept));
      const noisy: Tensor3D = tf.add(tf.mul(actions, signal), tf.mul(noise, sigma));
      if (prediction === 'epsilon') return { noisy, target: noise };
      if (prediction === 'data') return { noisy, target: actions };
      return { noisy, target: tf.sub(tf.mul(noise, signal), tf.mul(actions, sigma)) };
    },
  };
}

/** After diffusion steps that leave ᾱ of the data's variance. */
export function diffusionLevel(alphaBar: number): NoiseLevel {
  return { signal: Math.sqrt(alphaBar), noise: Math.sqrt(1 - alphaBar) };
}

function partsOf(count: number): (readonly [low: number, high: number])[] {
  return Array.from({ length: count }, (_, i) => [i, i + 1] as const);
}
