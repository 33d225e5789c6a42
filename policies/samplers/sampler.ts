import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { Parameters } from '../networks/parameters.ts';
import type { Network } from '../networks/unet.ts';

/**
 * One network evaluation of a sampler, as numbers. With the network's answer F at (x, time):
 *
 *     y  = answer.x · x + answer.network · F,  clipped to ±1 where `clip`
 *     x' = next.x · x + next.y · y + next.previousY · (y of the step before) + next.noise · z
 *
 * Every sampler here is a list of these: the formulas differ only in their coefficients.
 */
export interface SamplerStep {
  /** Diffusion step k/K or flow time τ given to the network. */
  readonly time: number;
  readonly answer: { readonly x: number; readonly network: number };
  /** Data lie in ±1, so an estimate of them may be clipped there. */
  readonly clip: boolean;
  readonly next: {
    readonly x: number;
    readonly y: number;
    readonly previousY: number;
    /** Standard deviation of the fresh noise; 0 for a deterministic step. */
    readonly noise: number;
  };
}

/** The steps of one chunk, first to last; as many as network evaluations (NFE). */
export type SamplerPlan = readonly SamplerStep[];

/** Applies one step. `z` is fresh noise, or null where the step takes none. */
export function applyStep(
  { answer, clip, next }: SamplerStep,
  {
    x,
    network,
    previousY,
    z,
  }: {
    x: Tensor3D;
    network: Tensor3D;
    previousY: Tensor3D | null;
    z: Tensor3D | null;
  },
): { x: Tensor3D; y: Tensor3D } {
  const estimate = combine([answer.x, x], [answer.network, network]);
  const y = clip ? (tf.clipByValue(estimate, -1, 1) as Tensor3D) : estimate;
  const moved = combine([next.x, x], [next.y, y], [next.previousY, previousY], [next.noise, z]);
  return { x: moved, y };
}

/** Weighted sum that leaves out what has no weight. */
function combine(...terms: [number, Tensor3D | null][]): Tensor3D {
  const weighted = terms.flatMap(([weight, tensor]) => {
    if (weight === 0 || !tensor) return [];
    return [weight === 1 ? tensor : tf.mul(tensor, weight)];
  });
  return weighted.reduce((sum, term) => tf.add(sum, term)) as Tensor3D;
}

/**
 * Draws chunks with every step in one graph.
 *
 * @param noise starting noise, [B, Tp, Da]
 * @param fresh noise of the stochastic steps, [steps, B, Tp, Da]; null where the plan takes none
 * @returns     [B, Tp, Da], normalised
 */
export function unroll(
  network: Network,
  parameters: Parameters,
  plan: SamplerPlan,
  { noise, observation, fresh }: { noise: Tensor3D; observation: Tensor2D; fresh: Tensor3D[] },
): Tensor3D {
  const [batch] = noise.shape;
  let x = noise;
  let previousY: Tensor3D | null = null;
  plan.forEach((step, i) => {
    const time = tf.fill([batch], step.time);
    const answer = network.apply(parameters, {
      actions: x,
      time: time as tf.Tensor1D,
      observation,
    });
    const result = applyStep(step, { x, network: answer, previousY, z: fresh[i] ?? null });
    x = result.x;
    previousY = result.y;
  });
  return x;
}
