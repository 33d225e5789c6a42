import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { SpecError } from '../config/error.ts';
import type { ObjectiveSpec } from '../config/objective.ts';
import { pathOf } from '../methods/index.ts';
import type { NoiseLevel } from '../paths.ts';
import type { SamplerPlan, SamplerStep } from './sampler.ts';

/** β: what a correction is weighted with at most, however little of the noise is left. */
const MAX_WEIGHT = 5;

/** What guided inpainting has to know of one step of a sampler, as numbers. */
export interface InpaintingStep {
  /** The estimate of the data, Â = data.x · x + data.network · F. */
  readonly data: SamplerStep['answer'];
  /** What the gradient counts for in the step's y. */
  readonly gain: number;
}

/**
 * Guided inpainting: draws a chunk that goes on from actions Y already decided, of a policy that was
 * never trained to. On a flow, with the estimate Â = x + (1 − τ)·v of the chunk it will end in,
 *
 *     v ← v + min(β, (1 − τ)/(τ·r²)) · (∂Â/∂x)ᵀ·W·(Y − Â),   r² = (1 − τ)²/(τ² + (1 − τ)²), β = 5
 *
 * r² is the variance that is left of data of variance 1 once x is known. Chunks of every sampler are
 * such data with such noise: divided by signal + noise they lie on the flow's path, at
 * τ = signal/(signal + noise), where the velocity is (Â − x)/(1 − τ). So the same correction of the
 * velocity is one of a diffusion's estimate, noise times as large.
 *
 * @throws SpecError for an objective that does not start from noise
 * @cost each step asks the network once more, backwards
 * @see Black, Galliker and Levine 2025 (real-time chunking), arXiv:2506.07339
 */
export function inpaintingSteps(objective: ObjectiveSpec, plan: SamplerPlan): InpaintingStep[] {
  const path = pathOf(objective);
  if (!path) {
    throw new SpecError(
      'inpainting: expected a diffusion or flow policy, whose chunks are drawn step by step, got ' +
        'a regression, which has one answer; choose another policy, or another scheme',
    );
  }
  return plan.map(({ time }) => {
    const level = path.levelAt(time);
    const gain = weightAt(level);
    return { data: path.dataAt(time), gain: path.velocity ? gain : level.noise * gain };
  });
}

/** min(β, (1 − τ)/(τ·r²)) = min(β, (τ² + (1 − τ)²)/(τ·(1 − τ))) at τ = signal/(signal + noise). */
function weightAt({ signal, noise }: NoiseLevel): number {
  return Math.min(MAX_WEIGHT, (signal ** 2 + noise ** 2) / (signal * noise));
}

/** A step's coefficient: a number while the program is traced, or one of its inputs. */
type Coefficient = number | Tensor;

/**
 * What is to be added to a step's y, gain · (∂Â/∂x)ᵀ·W·(Y − Â).
 *
 * @param ask    the network's answer to a noisy chunk
 * @param known  Y, [B, Tp, Da]
 * @param weight W, [B, Tp, 1]
 */
export function correction(
  { data, gain }: { data: { x: Coefficient; network: Coefficient }; gain: Coefficient },
  ask: (x: Tensor3D) => Tensor3D,
  { x, known, weight }: { x: Tensor3D; known: Tensor; weight: Tensor },
): Tensor3D {
  const estimate = (chunk: Tensor): Tensor =>
    tf.add(tf.mul(chunk, data.x), tf.mul(ask(chunk as Tensor3D), data.network));
  const error = tf.mul(tf.sub(known, estimate(x)), weight);
  // Asks once more, as TensorFlow.js wants the error before it runs: traced, both are one.
  return tf.mul(tf.grad(estimate)(x, error), gain);
}
