import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { asOneKernel } from '../engine/one-kernel.ts';
import type { Parameters, ParameterTable } from './parameters.ts';

/** A layer with its parameters declared: give it the parameters' tensors and an input. */
export type Layer<In extends Tensor = Tensor, Out extends Tensor = In> = (
  parameters: Parameters,
  x: In,
) => Out;

/** What weights begin at: zeros, or uniform, as wide as their number of inputs allows. */
export type Beginning = 'uniform' | 'zeros';

export function initializerOf(begin: Beginning, fanIn: number): 'zeros' | { fanIn: number } {
  return begin === 'zeros' ? begin : { fanIn };
}

/** y = x·W + b. x [B, from] → [B, to] */
export function linear(
  table: ParameterTable,
  name: string,
  from: number,
  to: number,
  init: Beginning = 'uniform',
): Layer<Tensor2D> {
  const weight = table.declare(`${name}.weight`, [from, to], initializerOf(init, from));
  const bias = table.declare(`${name}.bias`, [to], 'zeros');
  return (p, x) => tf.add(tf.matMul(x, p[weight] as Tensor2D), p[bias]);
}

/** Two linear layers with a SiLU between them. */
export function encoder(
  table: ParameterTable,
  name: string,
  from: number,
  to: number,
): Layer<Tensor2D> {
  const first = linear(table, `${name}.first`, from, 4 * to);
  const second = linear(table, `${name}.second`, 4 * to, to);
  return (p, x) => second(p, silu(first(p, x)));
}

/**
 * FiLM: scales and shifts the channels of x [.., C].
 *
 * @param coefficients what scales differ from 1 by, then shifts, [.., 2·C]
 * @see Perez et al. 2018, arXiv:1709.07871
 */
export function modulate<T extends Tensor>(x: T, coefficients: Tensor): T {
  const [difference, shift] = tf.split(coefficients, 2, coefficients.rank - 1);
  const scale = tf.add(difference, 1);
  const compose = () => tf.add(tf.mul(x, scale), shift) as T;
  // By row and channel, of [N, B, C].
  const isWhole = x.rank === 3 && coefficients.rank === 2;
  return isWhole ? asOneKernel('ScaleShift', { x, scale, shift }, {}, compose) : compose();
}

/** Mean 0 and spread 1 along the last axis, x [B, L, W]; nearly constant rows stay small. */
export function standardise(x: Tensor3D, epsilon: number): Tensor3D {
  const centred = tf.sub(x, tf.mean(x, 2, true));
  return tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), 2, true), epsilon)));
}

/** Time and batch change places: [B, T, C] ↔ [T, B, C]. */
export function swapTime<T extends Tensor>(x: T): T {
  return tf.transpose(x, [1, 0, 2]);
}

/** A convolution, zero-padded to keep the number of places (÷ stride along each axis). */
export interface ConvolutionConfig {
  readonly from: number;
  readonly to: number;
  /** Taps along each axis; odd. */
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** Its bias begins at zero. @default 'uniform' */
  readonly init?: Beginning;
}

/** Convolution over time, zero-padded to keep its length (÷ stride). x [T, B, from] → [T/stride, B, to] */
export function convolution(
  table: ParameterTable,
  name: string,
  { from, to, kernel, stride = 1, init = 'uniform' }: ConvolutionConfig,
): Layer<Tensor3D> {
  const shape = [kernel, from, to];
  const weight = table.declare(`${name}.weight`, shape, initializerOf(init, kernel * from));
  const bias = table.declare(`${name}.bias`, [to], 'zeros');
  return (p, x) => {
    const y = tf.conv1d(swapTime(x), p[weight] as Tensor3D, stride, 'same');
    return tf.add(swapTime(y), p[bias]);
  };
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
 * Group normalisation over time and the channels of a group, x [T, B, C].
 *
 * Written with its gradient by hand: both passes go through whole [T, B, C] arrays a few times,
 * for sums over time and a result of per-channel coefficients; all else happens to these, [B, C].
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
  return (p, x) => {
    const coefficients = { scale: p[scale] as Tensor1D, shift: p[shift] as Tensor1D };
    return asOneKernel('GroupNorm', { x, ...coefficients }, { groups, epsilon: EPSILON }, () =>
      normalize(x, coefficients.scale, coefficients.shift, groups),
    );
  };
}

function normalize(x: Tensor3D, scale: Tensor1D, shift: Tensor1D, groups: number): Tensor3D {
  const [time, batch, channels] = x.shape;
  const size = channels / groups;
  /** Means over time and group, for each channel of the group: sums over time [B, C] → [B, C]. */
  const groupMean = (summed: Tensor): Tensor2D => {
    const shares = tf.fill([size, size], 1 / (time * size)) as Tensor2D;
    const rows = tf.reshape(summed, [batch * groups, size]);
    return tf.reshape(tf.matMul(rows, shares), [batch, channels]);
  };
  const op = tf.customGrad((...args) => {
    const [x, scale, shift] = args as unknown as [Tensor3D, Tensor1D, Tensor1D];
    const save = args[3] as unknown as tf.GradSaveFunc;
    const centred = tf.sub(x, groupMean(tf.sum(x, 0)));
    const variance = groupMean(tf.sum(tf.square(centred), 0));
    const rate = tf.rsqrt(tf.add(variance, EPSILON));
    const gain = tf.mul(rate, scale);
    save([centred, rate, gain]);
    return {
      // Repeated for each row of the batch, since a short vector takes twice as long to add.
      value: tf.add(tf.mul(centred, gain), tf.tile(tf.reshape(shift, [1, channels]), [batch, 1])),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [centred, rate, gain] = saved;
        const sum = tf.sum(dy, 0);
        const product = tf.sum(tf.mul(dy, centred), 0);
        // dx = gain·dy − mean(gain·dy) − centred·rate²·mean(gain·dy·centred)
        const offset = groupMean(tf.mul(sum, gain));
        const slope = tf.mul(tf.square(rate), groupMean(tf.mul(product, gain)));
        const dx = tf.sub(tf.mul(dy, gain), tf.add(tf.mul(centred, slope), offset));
        return [dx, tf.sum(tf.mul(product, rate), 0), tf.sum(sum, 0)];
      },
    };
  });
  return op(x, scale, shift) as Tensor3D;
}

/** mish(x) = x·tanh(ln(1 + eˣ)). @see Misra 2019, arXiv:1908.08681 */
export function mish<T extends Tensor>(x: T): T {
  return tf.mul(x, tf.tanh(tf.softplus(x)));
}

/**
 * Sinusoidal embedding of a step or time, at angular frequencies from the fastest to 1/10,000 of it. The
 * default is for times in [0, 1].
 *
 * @param time [B]
 * @returns    [B, size]
 * @see Vaswani et al. 2017, section 3.5, arXiv:1706.03762
 */
export function sinusoidalEmbedding(time: Tensor1D, size: number, fastest = 1000): Tensor2D {
  const half = size / 2;
  const frequencies = Float32Array.from(
    { length: half },
    (_, i) => fastest * Math.exp((-Math.log(10_000) * i) / (half - 1)),
  );
  const angles = tf.mul(tf.reshape(time, [-1, 1]), tf.tensor2d(frequencies, [1, half])) as Tensor2D;
  return tf.concat([tf.sin(angles), tf.cos(angles)], 1);
}

/** Each time step twice. x [T, B, C] → [2T, B, C] */
export function upsample(x: Tensor3D): Tensor3D {
  const [time, batch, channels] = x.shape;
  const twice = tf.tile(tf.reshape(x, [time, 1, batch * channels]), [1, 2, 1]);
  return tf.reshape(twice, [2 * time, batch, channels]);
}
