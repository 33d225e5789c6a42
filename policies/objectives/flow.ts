import type { Scalar, Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { ObjectiveSpec } from '../spec/policy.ts';
import { drawFlowTime } from './flow-time.ts';
import type { Objective } from './objective.ts';

/**
 * Flow matching: on the straight path a_τ = (1−τ)·noise + τ·data the network learns the velocity
 * data − noise. τ = 0 is noise, τ = 1 is data.
 *
 * @param config.time     how τ is drawn. @default 'uniform'
 * @param config.coupling 'reflow' where noise and data belong together. @default 'independent'
 * @see Lipman et al. 2023, arXiv:2210.02747; Liu et al. 2023, arXiv:2209.03003
 */
export function flow({
  time: density,
  coupling,
}: Pick<Extract<ObjectiveSpec, { kind: 'flow' }>, 'time' | 'coupling'> = {}): Objective {
  const lossOf = coupling === 'reflow' ? meanDistance : meanSquare;
  return {
    drawTime: (random) => drawFlowTime(random, density),
    loss(network, parameters, { actions, noise, time, ...seen }) {
      const tau = tf.reshape(time, [-1, 1, 1]);
      const velocity = tf.sub(actions, noise);
      const between = tf.add(noise, tf.mul(velocity, tau)) as Tensor3D;
      const answer = network.apply(parameters, { actions: between, time, ...seen });
      return lossOf(tf.sub(answer, velocity));
    },
  };
}

/** c: below this RMS a chunk's error counts by its square, above in proportion; normalised units. */
const NEAR = 0.05;

function meanSquare(error: Tensor3D): Scalar {
  return tf.mean(tf.square(error));
}

/**
 * Pseudo-Huber loss of a chunk's RMS error e: 2c²·(√(1 + e²/c²) − 1).
 *
 * A reflow's chunk follows from its noise, but the network cannot turn from one mode to the other
 * within no distance: there squared error learns the mean of both, the plan between the modes, and
 * distance the nearer of the two.
 *
 * @see Lee et al. 2024, arXiv:2405.20320 (the loss of its reflow)
 */
function meanDistance(error: Tensor3D): Scalar {
  const square = tf.mean(tf.square(error), [1, 2]);
  const distance = tf.sub(tf.sqrt(tf.add(tf.mul(square, 1 / NEAR ** 2), 1)), 1);
  return tf.mul(tf.mean(distance), 2 * NEAR ** 2);
}
