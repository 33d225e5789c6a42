import type { DiffusionConfig } from '../paths.ts';
import { ddim } from './ddim.ts';
import { defineSampler, exactly, type SamplerPlan } from './sampler.ts';

/**
 * DDPM: all K steps, each with fresh noise of the posterior's variance. It is DDIM with η = 1 over
 * every step. NFE = K.
 *
 * @see Ho et al. 2020, algorithm 2 with σ² = β̃, arXiv:2006.11239
 */
export function ddpm(config: DiffusionConfig): SamplerPlan {
  return ddim(config, config.steps, 1);
}

export const DDPM = defineSampler({
  kind: 'ddpm',
  fits: 'diffusion',
  nfe: ({ steps }) => exactly(steps),
  only: (nfe) => `DDPM takes all ${nfe} diffusion steps`,
  others: 'ddim or dpm-solver++ to skip',
  spec: () => ({ kind: 'ddpm' }),
  nfeOf: (_, { steps }) => steps,
});
