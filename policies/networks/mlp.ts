import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { linear, silu, sinusoidalEmbedding } from './layers.ts';
import type { Network, NetworkInput } from './network.ts';
import { type Parameters, ParameterTable } from './parameters.ts';
import type { NetworkShape } from './shape.ts';

export interface MlpConfig extends NetworkShape {
  /** Width of each hidden layer. */
  readonly widths: readonly number[];
  /** Size of the step embedding. */
  readonly embedding: number;
}

/**
 * Times are embedded at periods from π/10 on: fields in the plane change slowly with time, and of
 * faster components the network would only learn to leave them out.
 */
const SLOWER = 0.02;

/** Chunk, step embedding and observation side by side, through linear layers with SiLU between. */
export function createMlp(config: MlpConfig): Network {
  const { horizon, actionDim, observationDim, widths, embedding } = config;
  const table = new ParameterTable();
  const chunk = horizon * actionDim;
  const input = chunk + embedding + observationDim;
  const hidden = widths.map((width, i) =>
    linear(table, `hidden${i}`, i === 0 ? input : widths[i - 1], width),
  );
  const output = linear(table, 'output', widths[widths.length - 1], chunk);

  const apply = (p: Parameters, { actions, time, observation }: NetworkInput): Tensor3D => {
    const flat: Tensor2D = tf.reshape(actions, [-1, chunk]);
    const step = sinusoidalEmbedding(tf.mul(time, SLOWER) as Tensor1D, embedding);
    let h: Tensor2D = tf.concat([flat, step, observation], 1);
    for (const layer of hidden) h = silu(layer(p, h));
    return tf.reshape(output(p, h), [-1, horizon, actionDim]);
  };
  return { table, apply };
}
