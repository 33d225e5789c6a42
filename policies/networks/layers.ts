import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { Parameters, ParameterTable } from './parameters.ts';

/** A layer with its parameters declared: give it the parameters' tensors and an input. */
export type Layer<In extends Tensor = Tensor, Out extends Tensor = In> = (
  parameters: Parameters,
  x: In,
) => Out;

/** y = x·W + b. x [B, from] → [B, to] */
export function linear(
  table: ParameterTable,
  name: string,
  from: number,
  to: number,
  init: 'uniform' | 'zeros' = 'uniform',
): Layer<Tensor2D> {
  const initializer = init === 'zeros' ? 'zeros' : { fanIn: from };
  const weight = table.declare(`${name}.weight`, [from, to], initializer);
  const bias = table.declare(`${name}.bias`, [to], 'zeros');
  return (p, x) => tf.add(tf.matMul(x, p[weight] as Tensor2D), p[bias]);
}

/** Convolution over time, zero-padded to keep its length (÷ stride). x [B, T, from] → [B, T/stride, to] */
export function convolution(
  table: ParameterTable,
  name: string,
  { from, to, kernel, stride = 1 }: { from: number; to: number; kernel: number; stride?: number },
): Layer<Tensor3D> {
  const weight = table.declare(`${name}.weight`, [kernel, from, to], { fanIn: kernel * from });
  const bias = table.declare(`${name}.bias`, [to], 'zeros');
  return (p, x) => tf.add(tf.conv1d(x, p[weight] as Tensor3D, stride, 'same'), p[bias]);
}

/** silu(x) = x·σ(x), its gradient written by hand: autodiff would evaluate σ twice. */
export function silu<T extends Tensor>(x: T): T {
  const op = tf.customGrad((input, save) => {
    const x = input as T;
    const gate = tf.sigmoid(x);
    const value = tf.mul(x, gate);
    (save as tf.GradSaveFunc)([value, gate]);
    return {
      value,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [value, gate] = saved;
        return tf.mul(dy, tf.add(gate, tf.mul(value, tf.sub(1, gate))));
      },
    };
  });
  return op(x) as T;
}

const EPSILON = 1e-5;

/**
 * Group normalisation over time and the channels of a group, x [B, T, C].
 *
 * Written with its gradient by hand: both passes work on whole [T, C] planes with per-channel
 * coefficients. Sums run over time first; what they give, [B, C], is averaged over groups and given
 * back to the channels by two small matrix products, where reshapes, reductions and tiles of the
 * same numbers took four times as long.
 *
 * @see Wu and He 2018, arXiv:1803.08494
 */
export function groupNorm(
  table: ParameterTable,
  name: string,
  channels: number,
  groups: number,
): Layer<Tensor3D> {
  const scale = table.declare(`${name}.scale`, [channels], 'ones');
  const shift = table.declare(`${name}.shift`, [channels], 'zeros');
  return (p, x) => normalize(x, p[scale] as Tensor1D, p[shift] as Tensor1D, groups);
}

function normalize(x: Tensor3D, scale: Tensor1D, shift: Tensor1D, groups: number): Tensor3D {
  const [, time, channels] = x.shape;
  const inGroup = (channel: number, group: number) =>
    Number(Math.floor((channel * groups) / channels) === group);
  const share = groups / (time * channels);
  const averaging = Float32Array.from(
    { length: channels * groups },
    (_, i) => share * inGroup(Math.floor(i / groups), i % groups),
  );
  const membership = Float32Array.from({ length: groups * channels }, (_, i) =>
    inGroup(i % channels, Math.floor(i / channels)),
  );
  // Constants are made anew in each pass: TensorFlow.js disposes of what the first does not save.
  /** Mean over a group, of numbers summed over time: [B, 1, C] → [B, 1, G]. */
  const groupMean = (summed: Tensor): Tensor =>
    tf.matMul(summed, tf.tensor2d(averaging, [channels, groups]));
  /** Numbers of a group, given to each of its channels: [B, 1, G] → [B, 1, C]. */
  const toChannels = (perGroup: Tensor, factors?: Tensor1D): Tensor => {
    const members = tf.tensor2d(membership, [groups, channels]);
    return tf.matMul(perGroup, factors ? tf.mul(members, factors) : members);
  };
  const op = tf.customGrad((...args) => {
    const [x, scale, shift] = args as unknown as [Tensor3D, Tensor1D, Tensor1D];
    const save = args[3] as unknown as tf.GradSaveFunc;
    const centred = tf.sub(x, toChannels(groupMean(tf.sum(x, 1, true))));
    const variance = groupMean(tf.sum(tf.square(centred), 1, true));
    const rate = tf.rsqrt(tf.add(variance, EPSILON));
    const gain = toChannels(rate, scale);
    save([centred, rate, gain]);
    return {
      value: tf.add(tf.mul(centred, gain), shift),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [centred, rate, gain] = saved;
        const sum = tf.sum(dy, 1, true);
        const product = tf.sum(tf.mul(dy, centred), 1, true);
        // dx = gain·dy − mean(gain·dy) − centred·rate²·mean(gain·dy·centred)
        const offset = toChannels(groupMean(tf.mul(sum, gain)));
        const slope = toChannels(tf.mul(tf.square(rate), groupMean(tf.mul(product, gain))));
        const dx = tf.sub(tf.mul(dy, gain), tf.add(tf.mul(centred, slope), offset));
        const dScale = tf.sum(tf.mul(product, toChannels(rate)), [0, 1]);
        return [dx, dScale, tf.sum(sum, [0, 1])];
      },
    };
  });
  return op(x, scale, shift) as Tensor3D;
}

/**
 * Sinusoidal embedding of a step or time in [0, 1], at periods from 2π/1000 to 20π.
 *
 * @param time [B]
 * @returns    [B, size]
 * @see Vaswani et al. 2017, section 3.5, arXiv:1706.03762
 */
export function sinusoidalEmbedding(time: Tensor1D, size: number): Tensor2D {
  const half = size / 2;
  const frequencies = Float32Array.from(
    { length: half },
    (_, i) => 1000 * Math.exp((-Math.log(10_000) * i) / (half - 1)),
  );
  const angles = tf.mul(tf.reshape(time, [-1, 1]), tf.tensor2d(frequencies, [1, half])) as Tensor2D;
  return tf.concat([tf.sin(angles), tf.cos(angles)], 1);
}

/** Each time step twice. x [B, T, C] → [B, 2T, C] */
export function upsample(x: Tensor3D): Tensor3D {
  const [batch, time, channels] = x.shape;
  const twice = tf.tile(tf.reshape(x, [batch, time, 1, channels]), [1, 1, 2, 1]);
  return tf.reshape(twice, [batch, 2 * time, channels]);
}
