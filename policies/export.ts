import type { Tensor } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import { exportGraph, type TensorFunction, type TensorSpec } from './engine/index.ts';
import { createNetwork, networkShape } from './networks/create.ts';
import { Normalizer } from './normalizer.ts';
import type { TrainedPolicy } from './policy.ts';
import { samplerFunction } from './samplers/compile.ts';
import { isStochastic, type SamplerPlan } from './samplers/sampler.ts';
import { SpecError } from './spec/index.ts';

/** Network evaluations one exported file may hold: each is a copy of the network's operators. */
const MOST_EVALUATIONS = 16;

export interface ExportOptions {
  /** Rows of the inputs; fixed in the file. */
  readonly batch: number;
  /** Kept in the file, for who finds it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A policy with its sampler as one ONNX file, normalisation inside.
 *
 * Inputs: `observation` [B, To, Do] in physical units, oldest first; `noise` [B, Tp, Da], standard
 * normal, but for a regression, which has none; `fresh_noise` [NFE, B, Tp, Da] for samplers that
 * add noise on their way. Output: `action` [B, Tp, Da], rad and m.
 *
 * @throws SpecError where the sampler takes more network evaluations than one file may hold, and for
 *         a policy that reads instructions or pictures
 */
export async function exportOnnx(
  policy: TrainedPolicy,
  plan: SamplerPlan,
  { batch, metadata }: ExportOptions,
): Promise<Uint8Array> {
  if (plan.length > MOST_EVALUATIONS) {
    throw new SpecError(
      `nfe: expected at most ${MOST_EVALUATIONS} network evaluations in one file, got ` +
        `${plan.length}; choose a sampler that takes fewer`,
    );
  }
  const { spec, observationDim, actionDim } = policy;
  if (spec.condition) {
    throw new SpecError(
      'policy: expected one that acts from numbers alone, got one with a condition; what it reads ' +
        'cannot be exported, choose a policy of a task without a language',
    );
  }
  const shape = networkShape(spec, policy);
  const chunk = [batch, spec.predHorizon, actionDim];
  const noisy = spec.objective.kind !== 'regression';
  const sampler = samplerFunction({
    network: createNetwork(spec, shape),
    weights: policy.weights,
    plan,
    batch,
    chunk: [spec.predHorizon, actionDim],
    observationSize: shape.observationDim,
    noisy,
  });
  const seen = new Normalizer(policy.observationRange);
  const done = new Normalizer(policy.actionRange);
  const fn: TensorFunction = function policyWithSampler(inputs) {
    const observation = tf.div(tf.sub(inputs.observation, row(seen.centre)), row(seen.half));
    const drawn = sampler.fn({
      noise: inputs.noise ?? tf.zeros(chunk),
      observation: tf.reshape(observation, [batch, shape.observationDim]),
      fresh: inputs.fresh_noise,
    });
    return { action: tf.add(tf.mul(drawn.chunk, row(done.half)), row(done.centre)) };
  };
  const inputs: TensorSpec[] = [
    { name: 'observation', shape: [batch, spec.obsHorizon, observationDim] },
  ];
  if (noisy) inputs.push({ name: 'noise', shape: chunk });
  if (isStochastic(plan)) inputs.push({ name: 'fresh_noise', shape: [plan.length, ...chunk] });
  return exportGraph(fn, inputs, metadata);
}

function row(values: Float64Array): Tensor {
  return tf.tensor1d(Float32Array.from(values));
}
