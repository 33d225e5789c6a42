import type { Tensor } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { checkGuidance, SpecError } from './config/index.ts';
import { exportGraph, type TensorFunction, type TensorSpec } from './engine/index.ts';
import { samplerSetup, type TrainedPolicy } from './network-policy.ts';
import { Normalizer } from './normalizer.ts';
import { HALF } from './pixels.ts';
import { samplerFunction } from './samplers/compile.ts';
import { isStochastic, type SamplerPlan } from './samplers/sampler.ts';
import { Reader } from './text/reader.ts';
import { abilitiesOf } from './trained.ts';

/** Network evaluations one exported file may hold: each is a copy of the network's operators. */
const MOST_EVALUATIONS = 16;

export interface ExportOptions {
  /** Rows of the inputs; fixed in the file. */
  readonly batch: number;
  /** w of classifier-free guidance; fixed in the file. @default 1 */
  readonly guidance?: number;
  /** Kept in the file, for who finds it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * A policy with its sampler as one ONNX file, normalisation inside.
 *
 * Inputs: `observation` [B, To, Do] in physical units, oldest first; `noise` [B, Tp, Da], standard
 * normal, but for a regression, which has none; `fresh_noise` [NFE, B, Tp, Da] for samplers that
 * add noise on their way. A policy that reads takes `instruction` [B, L] as well, int32 numbers of
 * tokens (policies/text/tokenizer.ts), and with a camera `image` [B, size, size, 3], float32, 0 … 255.
 * Output: `action` [B, Tp, Da], rad and m.
 *
 * @throws SpecError where the sampler takes more network evaluations than one file may hold, for a
 *         policy that reads with an encoder from outside, and for guidance it cannot be asked for
 */
export async function exportOnnx(
  policy: TrainedPolicy,
  plan: SamplerPlan,
  { batch, guidance = 1, metadata }: ExportOptions,
): Promise<Uint8Array> {
  if (plan.length > MOST_EVALUATIONS) {
    throw new SpecError(
      `nfe: expected at most ${MOST_EVALUATIONS} network evaluations in one file, got ` +
        `${plan.length}; choose a sampler that takes fewer`,
    );
  }
  const { spec, observationDim } = policy;
  const { text, image } = spec.condition ?? {};
  if (text?.encoder === 'pretrained') {
    throw new SpecError(
      `policy: expected one with an encoder of its own, got one that reads with "${text.name}", ` +
        'which is no part of it',
    );
  }
  checkGuidance(abilitiesOf(spec), guidance);
  const reader = text ? await Reader.create(text) : null;
  const setup = samplerSetup(policy, plan, { batch, reader, guidance });
  const sampler = samplerFunction(setup);
  const chunk = [batch, ...setup.chunk];
  const seen = new Normalizer(policy.observationRange);
  const done = new Normalizer(policy.actionRange);
  const fn: TensorFunction = function policyWithSampler({ instruction, image: pixels, ...inputs }) {
    const observation = tf.div(tf.sub(inputs.observation, row(seen.centre)), row(seen.half));
    const drawn = sampler.fn({
      noise: inputs.noise ?? tf.zeros(chunk),
      observation: tf.reshape(observation, [batch, setup.observationSize]),
      fresh: inputs.fresh_noise,
      ...(instruction && { text: tf.cast(instruction, 'float32') }),
      ...(pixels && { image: tf.reshape(pixelsOf(pixels), [batch, -1]) }),
    });
    return { action: tf.add(tf.mul(drawn.chunk, row(done.half)), row(done.centre)) };
  };
  const inputs: TensorSpec[] = [
    { name: 'observation', shape: [batch, spec.obsHorizon, observationDim] },
  ];
  if (setup.noisy) inputs.push({ name: 'noise', shape: chunk });
  if (isStochastic(plan)) inputs.push({ name: 'fresh_noise', shape: [plan.length, ...chunk] });
  if (text) inputs.push({ name: 'instruction', shape: [batch, text.tokens], dtype: 'int32' });
  if (image) inputs.push({ name: 'image', shape: [batch, image.size, image.size, 3] });
  return exportGraph(fn, inputs, metadata);
}

/** `toPixels` as a part of a program. */
function pixelsOf(bytes: Tensor): Tensor {
  return tf.sub(tf.div(bytes, HALF), 1);
}

function row(values: Float64Array): Tensor {
  return tf.tensor1d(Float32Array.from(values));
}
