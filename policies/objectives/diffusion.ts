import type { Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { squaredCosineSchedule } from './noise-schedule.ts';
import type { Objective } from './objective.ts';

/**
 * What the network's answer stands for: the noise ε, or the mixture v = √ᾱ·ε − √(1−ᾱ)·data.
 *
 * @see Salimans and Ho 2022, section 4, arXiv:2202.00512
 */
export type Prediction = 'epsilon' | 'v';

export interface DiffusionConfig {
  /** K, the number of diffusion steps. */
  readonly steps: number;
  readonly prediction: Prediction;
}

/**
 * Denoising diffusion: a_k = √ᾱ_k·data + √(1−ᾱ_k)·ε, and the network says what the noise was.
 * k is drawn uniformly from 1 … K and enters the network as k/K.
 *
 * @see Ho et al. 2020, algorithm 1, arXiv:2006.11239
 */
export function diffusion({ steps, prediction }: DiffusionConfig): Objective {
  const alphaBar = squaredCosineSchedule(steps);
  return {
    drawTime: (random) => (1 + random.below(steps)) / steps,
    loss(network, parameters, { actions, noise, time, ...seen }) {
      const k = tf.cast(tf.add(tf.mul(time, steps), 0.5), 'int32');
      const kept = tf.reshape(tf.gather(tf.tensor1d(Float32Array.from(alphaBar)), k), [-1, 1, 1]);
      const signal = tf.sqrt(kept);
      const sigma = tf.sqrt(tf.sub(1, kept));
      const noisy = tf.add(tf.mul(actions, signal), tf.mul(noise, sigma)) as Tensor3D;
      const target =
        prediction === 'epsilon' ? noise : tf.sub(tf.mul(noise, signal), tf.mul(actions, sigma));
      const answer = network.apply(parameters, { actions: noisy, time, ...seen });
      return tf.mean(tf.square(tf.sub(answer, target)));
    },
  };
}
