import type { Scalar, Tensor3D } from '@tensorflow/tfjs';
import type { TensorFlow } from '../paths.ts';

export function meanSquare(tf: TensorFlow, error: Tensor3D): Scalar {
  return tf.mean(tf.square(error));
}

/** c: up to about this RMS error a chunk counts by its square; normalised units. */
const REACH = 0.1;

/**
 * Geman and McClure's loss of a chunk's RMS error e: e²·c² / (e² + c²), which levels off at c².
 *
 * A reflow's chunk follows from its noise, but the network cannot turn from one mode to the other
 * within no distance. There squared error learns the mean of both, the plan between the modes.
 * Distance, which grows in proportion, is as content with any plan from one to the other. What levels
 * off is content with either mode alone, and so makes the network choose.
 *
 * @see Barron 2019, arXiv:1701.03077 (α = −2; −∞ to 2 are all of these losses)
 */
export function meanSquareWithin(tf: TensorFlow, error: Tensor3D): Scalar {
  const square = tf.mean(tf.square(error), [1, 2]);
  return tf.mean(tf.div(square, tf.add(tf.mul(square, 1 / REACH ** 2), 1)));
}
