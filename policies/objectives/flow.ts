import type { Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { Objective } from './objective.ts';

/**
 * Flow matching: on the straight path a_τ = (1−τ)·noise + τ·data the network learns the velocity
 * data − noise. τ = 0 is noise, τ = 1 is data; τ is drawn uniformly.
 *
 * @see Lipman et al. 2023, arXiv:2210.02747; Liu et al. 2023, arXiv:2209.03003
 */
export const flow: Objective = {
  drawTime: (random) => random.uniform(),
  loss(network, parameters, { actions, noise, time, ...seen }) {
    const tau = tf.reshape(time, [-1, 1, 1]);
    const velocity = tf.sub(actions, noise);
    const between = tf.add(noise, tf.mul(velocity, tau)) as Tensor3D;
    const answer = network.apply(parameters, { actions: between, time, ...seen });
    return tf.mean(tf.square(tf.sub(answer, velocity)));
  },
};
