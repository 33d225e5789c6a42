import type { DiffusionConfig } from '../objectives/diffusion.ts';
import { ddim } from './ddim.ts';
import type { SamplerPlan } from './sampler.ts';

/**
 * DDPM: all K steps, each with fresh noise of the posterior's variance. It is DDIM with η = 1 over
 * every step. NFE = K.
 *
 * @see Ho et al. 2020, algorithm 2 with σ² = β̃, arXiv:2006.11239
 */
export function ddpm(config: DiffusionConfig): SamplerPlan {
  return ddim(config, config.steps, 1);
}
