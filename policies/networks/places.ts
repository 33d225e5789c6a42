import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import {
  type ConvolutionConfig,
  convolution,
  initializerOf,
  type Layer,
  upsample,
} from './layers.ts';
import type { ParameterTable } from './parameters.ts';

/**
 * How features lie: along time, or over a picture. Either way they are [N, B, C], N places first, and
 * only what joins neighbouring places has to know which.
 */
export interface Places {
  convolution(table: ParameterTable, name: string, config: ConvolutionConfig): Layer<Tensor3D>;
  /** Each place twice along each axis. */
  upsample(x: Tensor3D): Tensor3D;
}

/** N time steps. */
export const TIME: Places = { convolution, upsample };

/** N = S·S places of a square, row by row. */
export const PLANE: Places = {
  convolution(table, name, { from, to, kernel, stride = 1, init = 'uniform' }) {
    const shape = [kernel, kernel, from, to];
    const begin = initializerOf(init, kernel * kernel * from);
    const weight = table.declare(`${name}.weight`, shape, begin);
    const bias = table.declare(`${name}.bias`, [to], 'zeros');
    return (p, x) => {
      const [places, batch] = x.shape;
      const side = sideOf(places);
      const picture = tf.transpose(tf.reshape(x, [side, side, batch, from]), [2, 0, 1, 3]);
      const y = tf.conv2d(picture as Tensor4D, p[weight] as Tensor4D, stride, 'same');
      const rows = tf.transpose(y, [1, 2, 0, 3]);
      return tf.add(tf.reshape(rows, [places / stride ** 2, batch, to]), p[bias]) as Tensor3D;
    };
  },
  upsample(x) {
    const [places, batch, channels] = x.shape;
    const side = sideOf(places);
    const down = tf.tile(tf.reshape(x, [side, 1, side * batch * channels]), [1, 2, 1]);
    const right = tf.tile(tf.reshape(down, [2 * places, 1, batch * channels]), [1, 2, 1]);
    return tf.reshape(right, [4 * places, batch, channels]);
  },
};

function sideOf(places: number): number {
  const side = Math.round(Math.sqrt(places));
  if (side * side === places) return side;
  throw new RangeError(`expected the places of a square, got ${places}`);
}
