import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { ImageSpec } from '../config/condition.ts';
import { linear, modulate, silu, standardise } from './layers.ts';
import type { Parameters, ParameterTable } from './parameters.ts';

/** Pixels a side that the first layer joins into one. */
const PATCH = 4;

/** What an image encoder finds. */
export interface Sight {
  /** A token a point, [B, K, width]. */
  readonly tokens: Tensor3D;
  /** The points themselves, x to the right and y down in ±1, [B, 2·K]. */
  readonly places: Tensor2D;
}

/**
 * A small convolutional network that says where things are: each of K maps is brought to a
 * distribution over the image, and its mean is a point. A token for each point: what it is of, and
 * where that is.
 *
 * What is looked for depends on what was said: the instruction scales and shifts the features
 * (FiLM), so that the same point can be the red ball or the green one.
 *
 * @returns (p, image [B, size·size·3] in ±1, said [B, width]) → what is seen
 * @see Finn et al. 2016, section V (spatial softmax), arXiv:1509.06113; Brohan et al. 2022,
 *      section V-A (an instruction's FiLM in an image encoder), arXiv:2212.06817
 */
export function imageEncoder(
  table: ParameterTable,
  { size, channels, points }: ImageSpec,
  width: number,
): (p: Parameters, image: Tensor2D, said: Tensor2D) => Sight {
  const side = size / PATCH;
  const first = linear(table, 'image.first', PATCH * PATCH * 3, channels);
  const second = convolution3x3(table, 'image.second', channels, channels);
  const third = convolution3x3(table, 'image.third', channels, channels);
  const films = ['first', 'second'].map((name) =>
    linear(table, `image.${name}.film`, width, 2 * channels),
  );
  const maps = linear(table, 'image.maps', channels, points);
  const sharpness = table.declare('image.sharpness', [points, 1], 'ones');
  const names = table.declare('image.points', [points, width], { fanIn: width });
  const place = linear(table, 'image.place', 2, width);
  return (p, image, said) => {
    const [batch] = image.shape;
    const patches = tf.transpose(
      tf.reshape(image, [batch, side, PATCH, side, PATCH * 3]),
      [0, 1, 3, 2, 4],
    );
    const rows = (x: Tensor4D) => tf.reshape(x, [batch * side * side, channels]);
    const grid = (x: Tensor2D) => tf.reshape(x, [batch, side, side, channels]) as Tensor4D;
    const flat = tf.reshape(patches, [batch * side * side, PATCH * PATCH * 3]) as Tensor2D;
    const [film1, film2] = films.map((film) =>
      tf.reshape(film(p, said), [batch, 1, 1, 2 * channels]),
    );
    const h1 = silu(modulate(grid(first(p, flat)), film1));
    const h2 = silu(modulate(second(p, h1), film2));
    const h3 = tf.add(h2, silu(third(p, h2))) as Tensor4D;
    const logits = maps(p, rows(h3) as Tensor2D);
    const byPoint = tf.transpose(tf.reshape(logits, [batch, side * side, points]), [0, 2, 1]);
    // Whatever differs from all around it stands out from the beginning: a new network's raw maps are
    // so flat that every point would lie in the middle and have nothing to learn from.
    const even = standardise(byPoint as Tensor3D, 1e-6);
    const shares = tf.softmax(tf.mul(even, p[sharpness]));
    const where = tf.matMul(
      tf.reshape(shares, [batch * points, side * side]) as Tensor2D,
      tf.tensor2d(centres(side), [side * side, 2]),
    ) as Tensor2D;
    const placed = tf.reshape(place(p, where), [batch, points, width]);
    return {
      tokens: tf.add(placed, p[names]) as Tensor3D,
      places: tf.reshape(where, [batch, 2 * points]),
    };
  };
}

/** Centres of the cells of a grid in ±1, row by row: x to the right, y down. */
function centres(side: number): Float32Array {
  const at = (i: number) => (2 * (i + 0.5)) / side - 1;
  return Float32Array.from({ length: 2 * side * side }, (_, i) =>
    at(i % 2 === 0 ? (i / 2) % side : Math.floor(i / 2 / side)),
  );
}

/**
 * 3 × 3 convolution with zeros around, as a product with nine shifted copies: it needs no operator
 * that the trajectory's network does not need. x [B, S, S, from] → [B, S, S, to]
 */
function convolution3x3(table: ParameterTable, name: string, from: number, to: number) {
  const mix = linear(table, name, 9 * from, to);
  return (p: Parameters, x: Tensor4D): Tensor4D => {
    const [batch, height, width] = x.shape;
    const padded = tf.pad(x, [
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    const shifted = [0, 1, 2].flatMap((down) =>
      [0, 1, 2].map((right) => tf.slice(padded, [0, down, right, 0], [batch, height, width, from])),
    );
    const columns = tf.reshape(tf.concat(shifted, 3), [batch * height * width, 9 * from]);
    return tf.reshape(mix(p, columns as Tensor2D), [batch, height, width, to]) as Tensor4D;
  };
}
