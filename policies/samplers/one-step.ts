import { euler } from './euler.ts';
import { defineSampler, exactly, type SamplerPlan } from './sampler.ts';

/**
 * The whole way at once, data = noise + v(noise, 0): exact where paths are straight, which reflow
 * makes them. NFE = 1.
 *
 * @see Liu et al. 2023, section 2.2, arXiv:2209.03003
 */
export function oneStep(): SamplerPlan {
  return euler(1);
}

export const ONE_STEP = defineSampler({
  kind: 'one-step',
  nfe: () => exactly(1),
  others: 'euler or heun for more',
  spec: () => ({ kind: 'one-step' }),
  nfeOf: () => 1,
});
