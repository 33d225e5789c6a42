import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { AttentionProbe } from './attention.ts';
import type { Network } from './network.ts';

export interface Guidance {
  /** w: 0 ignores the instruction, 1 follows it, above 1 exaggerates what it changes. */
  readonly scale: number;
  /** The empty instruction as the network's text input has it, [`textSize`]. */
  readonly silence: Float32Array;
}

/** Answers that one answer is made of: where one of two has no weight it is not asked for. */
export function callsOf({ scale }: Guidance): number {
  return scale === 0 || scale === 1 ? 1 : 2;
}

/**
 * Classifier-free guidance: the answer F(∅) + w·(F(text) − F(∅)), from one call of twice the
 * batch. The same for ε, v and velocities, which depend linearly on one another at a given time.
 * Nothing is doubled at w = 0 and w = 1, where one of the two answers has no weight.
 *
 * @see Ho and Salimans 2022, eq. 6 with w here = w there + 1, arXiv:2207.12598
 */
export function guide(network: Network, { scale, silence }: Guidance): Network {
  if (scale === 1) return network;
  const silent = (batch: number) => tf.tile(tf.tensor2d(silence, [1, silence.length]), [batch, 1]);
  if (scale === 0) {
    return {
      table: network.table,
      apply: (p, input, probe) =>
        network.apply(p, { ...input, text: silent(input.actions.shape[0]) }, probe),
    };
  }
  return {
    table: network.table,
    apply(p, { actions, time, observation, text, image }, probe) {
      const [batch] = actions.shape;
      if (!text) throw new Error('guidance needs the text input');
      const told: AttentionProbe | undefined =
        probe && ((block, weights) => probe(block, tf.split(weights, 2, 0)[0] as Tensor3D));
      const twice = <T extends Tensor3D | Tensor2D>(x: T) =>
        tf.concat([x, x] as Tensor2D[], 0) as T;
      const answer = network.apply(
        p,
        {
          actions: twice(actions),
          time: tf.concat([time, time]),
          observation: twice(observation),
          text: tf.concat([text, silent(batch)], 0),
          image: image && twice(image),
        },
        told,
      );
      const [given, without] = tf.split(answer, 2, 0) as Tensor3D[];
      return tf.add(without, tf.mul(tf.sub(given, without), scale));
    },
  };
}
