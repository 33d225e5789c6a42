import type { Scalar, Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { conditionInputs } from '../config/condition-inputs.ts';
import type { TensorFunction, TensorMap, TensorSpec } from '../engine/index.ts';
import type { Network } from '../networks/network.ts';
import { seenIn } from '../networks/seen.ts';
import type { NetworkShape } from '../networks/shape.ts';
import type { Objective, TrainingBatch } from './objective.ts';

/** Optimiser settings that are part of the compiled step. */
export interface OptimizerConfig {
  /** Decoupled weight decay, a step, as a part of the learning rate. */
  readonly weightDecay: number;
  /** Gradients longer than this are shortened to it. */
  readonly clipNorm: number;
}

/** Decays of the moments. */
export const BETA1 = 0.9;
export const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Parts of the training state, each one flat vector of all parameters. */
export const STATE = ['weights', 'moment1', 'moment2', 'ema'] as const;
export type StateName = (typeof STATE)[number];

/** Name of the output that holds a part of the state after the step. */
export function nextName(name: StateName): string {
  return `next_${name}`;
}

/** Inputs of the training step, in the order of their names. */
export function stepInputs(size: number, batch: number, shape: NetworkShape): TensorSpec[] {
  return [
    ...STATE.map((name) => ({ name, shape: [size] })),
    // learning rate, 1 − β₁ᵗ, 1 − β₂ᵗ, EMA decay
    { name: 'rates', shape: [4] },
    ...batchInputs(batch, shape),
  ];
}

/** Inputs of a loss: examples, the noise and the times they are joined with. */
export function batchInputs(batch: number, shape: NetworkShape): TensorSpec[] {
  const chunk = [batch, shape.horizon, shape.actionDim];
  return [
    { name: 'actions', shape: chunk },
    { name: 'noise', shape: chunk },
    { name: 'time', shape: [batch] },
    { name: 'observation', shape: [batch, shape.observationDim] },
    ...(shape.condition ? conditionInputs(shape.condition, batch) : []),
  ];
}

/**
 * One whole training step as a function: loss, gradients, clipping, AdamW, EMA.
 *
 * Parameters, moments and EMA are one flat vector each, so that the optimiser is a dozen vector
 * operations however many parameters there are.
 *
 * @returns a function from `stepInputs` to the new state (`nextName`), `loss`, `gradientNorm`
 * @see Loshchilov and Hutter 2019, algorithm 2, arXiv:1711.05101
 */
export function trainingStep(
  network: Network,
  objective: Objective,
  { weightDecay, clipNorm }: OptimizerConfig,
): TensorFunction {
  return function trainingStep(inputs: TensorMap): TensorMap {
    const { weights, moment1, moment2, ema, rates } = inputs;
    const [learningRate, correction1, correction2, decay] = tf.split(rates, 4);
    const { loss, gradient } = differentiate(network, objective, inputs);
    const squares = tf.square(gradient);
    const norm = tf.sqrt(tf.sum(squares));
    const shorten = tf.minimum(1, tf.div(clipNorm, tf.add(norm, EPSILON)));

    // Factors that are one number for all parameters are multiplied with each other first: every
    // operation on a whole vector is a pass over memory.
    const m = tf.add(tf.mul(moment1, BETA1), tf.mul(gradient, tf.mul(shorten, 1 - BETA1)));
    const v = tf.add(
      tf.mul(moment2, BETA2),
      tf.mul(squares, tf.mul(tf.square(shorten), 1 - BETA2)),
    );
    // lr·(m/c₁) / (√(v/c₂) + ε) = (lr·√c₂/c₁)·m / (√v + ε·√c₂)
    const root = tf.sqrt(correction2);
    const length = tf.div(tf.mul(learningRate, root), correction1);
    const direction = tf.div(m, tf.add(tf.sqrt(v), tf.mul(root, EPSILON)));
    const decayed = tf.mul(weights, tf.sub(1, tf.mul(learningRate, weightDecay)));
    const next = tf.sub(decayed, tf.mul(direction, length));
    const average = tf.add(next, tf.mul(tf.sub(ema, next), decay));
    return {
      [nextName('weights')]: next,
      [nextName('moment1')]: m,
      [nextName('moment2')]: v,
      [nextName('ema')]: average,
      loss,
      gradientNorm: norm,
    };
  };
}

/** The same step's loss and its gradient [size] alone: what is looked at when a step goes wrong. */
export function lossAndGradient(network: Network, objective: Objective): TensorFunction {
  return function lossAndGradient(inputs: TensorMap): TensorMap {
    return differentiate(network, objective, inputs);
  };
}

/** The batch of a loss out of `batchInputs`. */
export function batchOf(inputs: TensorMap): TrainingBatch {
  return {
    actions: inputs.actions as Tensor3D,
    noise: inputs.noise as Tensor3D,
    time: inputs.time as Tensor1D,
    ...seenIn(inputs),
  };
}

function differentiate(network: Network, objective: Objective, inputs: TensorMap) {
  const { table } = network;
  const batch = batchOf(inputs);
  const lossOf = (...p: Tensor[]): Scalar => objective.loss(network, p, batch);
  const { value, grads } = tf.valueAndGrads(lossOf)([...table.unpack(inputs.weights)]);
  return { loss: value, gradient: table.pack(grads) };
}
