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
 * Written with its gradient by hand, so that both passes work on whole [T, C] planes with
 * per-channel coefficients instead of on [T, groups, C/groups] reshapes with scattered reductions.
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
  const [batch, time, channels] = x.shape;
  const perGroup = channels / groups;
  /**
   * Mean over a group of plane·gain, given back per channel, [B, 1, C]. The gain [B, 1, C] does
   * not change over time, so it is applied after the sum over time.
   */
  const groupMean = (plane: Tensor, gain?: Tensor): Tensor3D => {
    const summed = tf.sum(plane, 1, true);
    const perChannel = gain ? tf.mul(summed, gain) : summed;
    const grouped = tf.reshape(perChannel, [batch, groups, perGroup]);
    const mean = tf.div(tf.sum(grouped, 2, true), time * perGroup);
    return tf.reshape(tf.tile(mean, [1, 1, perGroup]), [batch, 1, channels]);
  };
  const op = tf.customGrad((...args) => {
    const [x, scale, shift] = args as unknown as [Tensor3D, Tensor1D, Tensor1D];
    const save = args[3] as unknown as tf.GradSaveFunc;
    const centred = tf.sub(x, groupMean(x));
    const rate = tf.rsqrt(tf.add(groupMean(tf.square(centred)), EPSILON));
    save([centred, rate, scale]);
    return {
      value: tf.add(tf.mul(centred, tf.mul(rate, scale)), shift),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [centred, rate, scale] = saved;
        const product = tf.mul(dy, centred);
        const gain = tf.mul(rate, scale);
        // dx = gain·dy − mean(gain·dy) − x̂·rate·mean(gain·dy·centred), x̂ = centred·rate
        const mean = groupMean(dy, gain);
        const slope = tf.mul(tf.square(rate), groupMean(product, gain));
        const dx = tf.sub(tf.sub(tf.mul(dy, gain), tf.mul(centred, slope)), mean);
        const dScale = tf.sum(tf.mul(tf.sum(product, 1, true), rate), [0, 1]);
        return [dx, dScale, tf.sum(dy, [0, 1])];
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
