import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';
import tf from '#tensorflow';

/**
 * A function that some backends have as one kernel: programs of few rows are traced with it. Others, and all
 * that take gradients, compute it from TensorFlow.js's own kernels.
 */
export function asOneKernel<T extends Tensor>(
  name: string,
  inputs: NamedTensorMap,
  attributes: tf.NamedAttrMap,
  compose: () => T,
): T {
  if (!tf.getKernel(name, tf.getBackend())) return compose();
  return tf.engine().runKernel<T>(name, inputs, attributes);
}
