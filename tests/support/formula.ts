import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { Network } from '../../policies/networks/network.ts';
import { ParameterTable } from '../../policies/networks/parameters.ts';

/**
 * A network that is a formula of the noisy chunk, the time and the observation, the last two
 * shaped [B, 1, 1] and [B, 1, To·Do].
 */
export function formula(
  answer: (x: Tensor3D, time: Tensor3D, observation: Tensor3D) => Tensor,
): Network {
  const table = new ParameterTable();
  table.declare('unused', [1], 'zeros');
  return {
    table,
    apply: (_, { actions, time, observation }) =>
      answer(
        actions,
        tf.reshape(time, [-1, 1, 1]),
        tf.expandDims(observation, 1) as Tensor3D,
      ) as Tensor3D,
  };
}
