import type { Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { FlowTime } from '../spec/policy.ts';
import { drawFlowTime } from './flow-time.ts';
import type { Objective } from './objective.ts';

/**
 * Flow matching: on the straight path a_τ = (1−τ)·noise + τ·data the network learns the velocity
 * data − noise. τ = 0 is noise, τ = 1 is data.
 *
 * @param config.time how τ is drawn. @default 'uniform'
 * @see Lipman et al. 2023, arXiv:2210.02747; Liu et al. 2023, arXiv:2209.03003
 */
export function flow({ time: density }: { readonly time?: FlowTime | undefined } = {}): Objective {
  return {
    drawTime: (random) => drawFlowTime(random, density),
    loss(network, parameters, { actions, noise, time, ...seen }) {
      const tau = tf.reshape(time, [-1, 1, 1]);
      const velocity = tf.sub(actions, noise);
      const between = tf.add(noise, tf.mul(velocity, tau)) as Tensor3D;
      const answer = network.apply(parameters, { actions: between, time, ...seen });
      return tf.mean(tf.square(tf.sub(answer, velocity)));
    },
  };
}
