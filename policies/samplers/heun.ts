import { MAX_NFE } from '../config/nfe.ts';
import { defineSampler, type SamplerPlan, type SamplerStep, USUAL_NFE } from './sampler.ts';

/**
 * Heun's method on the flow's ODE: an Euler step to look ahead, then the same step with the mean of
 * the velocities at both of its ends. Order 2, NFE = 2·steps − 1: the last step is Euler's.
 *
 * It would end by asking at τ = 1, where a chunk shows nothing of the noise it came from: the
 * velocity there is that of noise 0, and half of the last step's noise would stay in the chunk.
 *
 * @see Karras et al. 2022, algorithm 1, arXiv:2206.00364
 */
export function heun(steps: number): SamplerPlan {
  const h = 1 / steps;
  const half = (time: number, next: Pick<SamplerStep['next'], 'y' | 'previousY'>): SamplerStep => ({
    time,
    answer: { x: 0, network: 1 },
    clip: false,
    next: { x: 1, noise: 0, ...next },
  });
  return Array.from({ length: steps }, (_, i) => [
    half(i / steps, { y: h, previousY: 0 }),
    // Half of the look-ahead is taken back, half of what was seen there comes in its place.
    half((i + 1) / steps, { y: h / 2, previousY: -h / 2 }),
  ])
    .flat()
    .slice(0, -1);
}

export const HEUN = defineSampler({
  kind: 'heun',
  // Two a step, one in the last.
  nfe: () => ({ least: 1, most: MAX_NFE - 1, step: 2, usual: USUAL_NFE - 1 }),
  why: 'heun asks the network twice a step and once in the last, so expected an odd number',
  others: 'euler',
  spec: (nfe) => ({ kind: 'heun', steps: (nfe + 1) / 2 }),
  nfeOf: ({ steps }) => 2 * steps - 1,
});
