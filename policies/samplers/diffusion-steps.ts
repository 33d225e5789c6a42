import type { Prediction } from '../objectives/diffusion.ts';
import type { SamplerStep } from './sampler.ts';

/**
 * How the estimate of the data follows from a noisy chunk and the network's answer:
 * data = x·answer.x + F·answer.network.
 */
export function dataEstimate(alphaBar: number, prediction: Prediction): SamplerStep['answer'] {
  const signal = Math.sqrt(alphaBar);
  const sigma = Math.sqrt(1 - alphaBar);
  return prediction === 'epsilon'
    ? { x: 1 / signal, network: -sigma / signal }
    : { x: signal, network: -sigma };
}

/**
 * Evenly spaced diffusion steps from K down to 1, and 0 at the end: where the sampler stands
 * before and after each of its steps.
 *
 * @see Lin et al. 2024, section 3.3 ("trailing" spacing), arXiv:2305.08891
 */
export function descend(totalSteps: number, steps: number): number[] {
  const ks = Array.from({ length: steps }, (_, i) =>
    Math.round(totalSteps - (i * totalSteps) / steps),
  );
  return [...ks, 0];
}
