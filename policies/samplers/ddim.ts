import { squaredCosineSchedule } from '../noise-schedule.ts';
import { type DiffusionConfig, diffusionPath } from '../paths.ts';
import { descend } from './diffusion-steps.ts';
import { defineSampler, type SamplerPlan, upTo } from './sampler.ts';

/**
 * DDIM: leaps over diffusion steps. η = 0 is deterministic given the starting noise, η = 1 adds
 * DDPM's variance. NFE = steps.
 *
 * @param steps at most K
 * @see Song et al. 2021, eq. 12, arXiv:2010.02502
 */
export function ddim(config: DiffusionConfig, steps: number, eta = 0): SamplerPlan {
  const alphaBar = squaredCosineSchedule(config.steps);
  const { dataAt } = diffusionPath(config);
  const ks = descend(config.steps, steps);
  return ks.slice(0, -1).map((k, i) => {
    const from = alphaBar[k];
    const to = alphaBar[ks[i + 1]];
    const noise = eta * Math.sqrt(((1 - to) / (1 - from)) * (1 - from / to));
    // x' = √ᾱ'·y + √(1−ᾱ'−σ²)·ε̂ + σ·z with ε̂ = (x − √ᾱ·y)/√(1−ᾱ)
    const x = Math.sqrt(Math.max(0, 1 - to - noise * noise)) / Math.sqrt(1 - from);
    return {
      time: k / config.steps,
      answer: dataAt(k / config.steps),
      clip: true,
      next: { x, y: Math.sqrt(to) - x * Math.sqrt(from), previousY: 0, noise },
    };
  });
}

export const DDIM = defineSampler({
  kind: 'ddim',
  fits: 'diffusion',
  nfe: ({ steps }) => upTo(steps),
  takesEta: true,
  spec: (steps, eta) => ({ kind: 'ddim', steps, eta }),
  nfeOf: ({ steps }) => steps,
});
