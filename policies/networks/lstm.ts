import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { linear, silu } from './layers.ts';
import type { Network, NetworkInput } from './network.ts';
import { type Parameters, ParameterTable } from './parameters.ts';
import type { NetworkShape } from './shape.ts';

export interface LstmConfig extends NetworkShape {
  /** Numbers in the hidden state and in the cell state. */
  readonly hidden: number;
  /** Size of the encoded observation. */
  readonly embedding: number;
}

/** Added to the forget gate: at first the cell remembers. Józefowicz et al. 2015, section 3.3. */
const FORGET_BIAS = 1;

/**
 * An LSTM that writes the chunk action by action, each told the one before it (its own, in training
 * too) and the observation. It has one answer to an observation: the noisy chunk and the time are
 * ignored, so only a regression can use it.
 *
 * Unrolled over Tp, for a graph without loops.
 *
 * @see Hochreiter and Schmidhuber 1997; Mandlekar et al. 2021, section 4.1, arXiv:2108.03298
 */
export function createLstm(config: LstmConfig): Network {
  const { horizon, actionDim, observationDim, hidden, embedding } = config;
  const table = new ParameterTable();
  const first = linear(table, 'observation.first', observationDim, embedding);
  const second = linear(table, 'observation.second', embedding, embedding);
  const inform = linear(table, 'cell.observation', embedding, 4 * hidden);
  const fanIn = actionDim + hidden;
  const recurrent = table.declare('cell.recurrent.weight', [fanIn, 4 * hidden], { fanIn });
  const output = linear(table, 'output', hidden, actionDim);

  const apply = (p: Parameters, { observation }: NetworkInput): Tensor3D => {
    const batch = observation.shape[0];
    const seen = silu(second(p, silu(first(p, observation))));
    // The same at every step, so computed once.
    const informed = inform(p, seen);
    let action: Tensor2D = tf.zeros([batch, actionDim]);
    let h: Tensor2D = tf.zeros([batch, hidden]);
    let c: Tensor2D = tf.zeros([batch, hidden]);
    const actions: Tensor2D[] = [];
    for (let t = 0; t < horizon; t++) {
      const fed = tf.matMul(tf.concat([action, h], 1), p[recurrent] as Tensor2D);
      const [write, keep, candidate, read] = tf.split(tf.add(fed, informed), 4, 1);
      const kept = tf.mul(tf.sigmoid(tf.add(keep, FORGET_BIAS)), c);
      c = tf.add(kept, tf.mul(tf.sigmoid(write), tf.tanh(candidate)));
      h = tf.mul(tf.sigmoid(read), tf.tanh(c));
      action = output(p, h);
      actions.push(action);
    }
    return tf.reshape(tf.concat(actions, 1), [batch, horizon, actionDim]);
  };
  return { table, apply };
}
