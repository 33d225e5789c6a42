import type { Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { ImageSpec } from '../spec/condition.ts';
import { linear, silu } from './layers.ts';
import type { Parameters, ParameterTable } from './parameters.ts';

/** Pixels a side that the first layer joins into one. */
const PATCH = 4;

/**
 * A small convolutional network that says where things are: each of K maps is brought to a
 * distribution over the image, and its mean is a point. A token for each point: what it is of, and
 * where that is.
 *
 * @returns (p, image [B, size·size·3] in ±1) → [B, K, width]
 * @see Finn et al. 2016, section V (spatial softmax), arXiv:1509.06113
 */
export function imageEncoder(
  table: ParameterTable,
  { size, channels, points }: ImageSpec,
  width: number,
): (p: Parameters, image: Tensor2D) => Tensor3D {
  const side = size / PATCH;
  const first = linear(table, 'image.first', PATCH * PATCH * 3, channels);
  const second = convolution3x3(table, 'image.second', channels, channels);
  const third = convolution3x3(table, 'image.third', channels, channels);
  const maps = linear(table, 'image.maps', channels, points);
  const names = table.declare('image.points', [points, width], { fanIn: width });
  const place = linear(table, 'image.place', 2, width);
  return (p, image) => {
    const [batch] = image.shape;
    const patches = tf.transpose(
      tf.reshape(image, [batch, side, PATCH, side, PATCH * 3]),
      [0, 1, 3, 2, 4],
    );
    const rows = (x: Tensor4D) => tf.reshape(x, [batch * side * side, channels]);
    const grid = (x: Tensor2D) => tf.reshape(x, [batch, side, side, channels]) as Tensor4D;
    const flat = tf.reshape(patches, [batch * side * side, PATCH * PATCH * 3]) as Tensor2D;
    const h1 = grid(silu(first(p, flat)));
    const h2 = silu(second(p, h1));
    const h3 = tf.add(h2, silu(third(p, h2))) as Tensor4D;
    const logits = maps(p, rows(h3) as Tensor2D);
    const byPoint = tf.transpose(tf.reshape(logits, [batch, side * side, points]), [0, 2, 1]);
    const where = tf.matMul(
      tf.reshape(tf.softmax(byPoint), [batch * points, side * side]) as Tensor2D,
      tf.tensor2d(centres(side), [side * side, 2]),
    ) as Tensor2D;
    const placed = tf.reshape(place(p, where), [batch, points, width]);
    return tf.add(placed, p[names]) as Tensor3D;
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
