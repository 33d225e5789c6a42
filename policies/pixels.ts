import type { Tensor } from '@tensorflow/tfjs';
import tf from '#tensorflow';

/** Half of a byte's range. */
const HALF = 127.5;

/** Brings bytes of pixels to ±1, the range of all a network sees. */
export function toPixels(bytes: Uint8Array, out: Float32Array, offset = 0): Float32Array {
  for (let i = 0; i < bytes.length; i++) out[offset + i] = bytes[i] / HALF - 1;
  return out;
}

/** The same as a part of a program. */
export function pixelsOf(bytes: Tensor): Tensor {
  return tf.sub(tf.div(bytes, HALF), 1);
}
