import tf from '#tensorflow';
import type { Objective } from './objective.ts';

/**
 * L2 regression of the chunk itself: ‖a − f(o)‖². Where demonstrations disagree its best answer
 * is their mean. The network's noise input is zero and its time is zero.
 */
export const regression: Objective = {
  drawTime: () => 0,
  loss(network, parameters, { actions, time, ...seen }) {
    const blank = tf.zerosLike(actions);
    const answer = network.apply(parameters, { actions: blank, time, ...seen });
    return tf.mean(tf.square(tf.sub(answer, actions)));
  },
};
