import type { Scalar, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { ObjectiveSpec } from '../config/policy.ts';
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
  const lossOf = coupling === 'reflow' ? meanSquareWithin : meanSquare;
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

/** c: up to about this RMS error a chunk counts by its square; normalised units. */
const REACH = 0.1;

function meanSquare(error: Tensor3D): Scalar {
  return tf.mean(tf.square(error));
}

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
function meanSquareWithin(error: Tensor3D): Scalar {
  const square = tf.mean(tf.square(error), [1, 2]);
  return tf.mean(tf.div(square, tf.add(tf.mul(square, 1 / REACH ** 2), 1)));
}
