import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { ObjectiveSpec } from '../config/objective.ts';
import { learningOf } from '../methods/index.ts';
import type { Network } from '../networks/network.ts';
import type { Parameters } from '../networks/parameters.ts';
import type { Random } from '../random.ts';

/** One batch of training windows with the noise drawn for it. */
export interface TrainingBatch {
  /** Demonstrated chunks, [B, Tp, Da], normalised. */
  readonly actions: Tensor3D;
  /** Standard normal, [B, Tp, Da]. */
  readonly noise: Tensor3D;
  /** Times drawn by `drawTime`, [B]. */
  readonly time: Tensor1D;
  /** [B, To·Do], normalised. */
  readonly observation: Tensor2D;
  /** [B, `textSize`], where the network has a condition. */
  readonly text?: Tensor2D | undefined;
  /** [B, `imageSize`], where it has a camera. */
  readonly image?: Tensor2D | undefined;
}

/** What a network is trained to answer. */
export interface Objective {
  /** Diffusion step k/K or flow time τ of one training sample. */
  drawTime(random: Random): number;
  /** Error of the answer, a scalar: squared, and of a reflow in proportion where it is large. */
  loss(network: Network, parameters: Parameters, batch: TrainingBatch): Scalar;
}

/** What a method has its network trained to. */
export function createObjective(objective: ObjectiveSpec): Objective {
  const learning = learningOf(objective);
  const path = learning.path(objective);
  return {
    // Where nothing is noised there is no time.
    drawTime: (random) => learning.drawTime?.(objective, random) ?? path?.drawTime(random) ?? 0,
    loss(network, parameters, { actions, noise, time, ...seen }) {
      const { noisy, target } = path
        ? path.join(tf, { actions, noise, time })
        : { noisy: tf.zerosLike(actions), target: actions };
      const answer = network.apply(parameters, { actions: noisy, time, ...seen });
      return learning.loss(tf, tf.sub(answer, target));
    },
  };
}
