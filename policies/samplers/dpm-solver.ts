import { squaredCosineSchedule } from '../noise-schedule.ts';
import { type DiffusionConfig, diffusionPath } from '../paths.ts';
import { descend } from './diffusion-steps.ts';
import { defineSampler, type SamplerPlan, upTo } from './sampler.ts';

/**
 * DPM-Solver++(2M): a two-step method on the half log-SNR λ = log(√ᾱ/√(1−ᾱ)), in which the exact
 * solution is linear but for the estimate of the data; that is extrapolated from the last two.
 * Deterministic given the starting noise. Order 2, NFE = steps.
 *
 * The first step has no estimate before it and the last one ends at λ = ∞: both are of order 1.
 *
 * @param steps at most K
 * @see Lu et al. 2022, algorithm 2, arXiv:2211.01095
 */
export function dpmSolver(config: DiffusionConfig, steps: number): SamplerPlan {
  const alphaBar = squaredCosineSchedule(config.steps);
  const { dataAt } = diffusionPath(config);
  const ks = descend(config.steps, steps);
  const lambda = ks.map((k) => Math.log(alphaBar[k] / (1 - alphaBar[k])) / 2);
  return ks.slice(0, -1).map((k, i) => {
    const from = alphaBar[k];
    const to = alphaBar[ks[i + 1]];
    const h = lambda[i + 1] - lambda[i];
    const extrapolated = i > 0 && i < steps - 1;
    // 1/(2r), r being the ratio of the step before to this one
    const back = extrapolated ? h / (2 * (lambda[i] - lambda[i - 1])) : 0;
    // x' = (σ'/σ)·x + √ᾱ'·(1 − e^−h)·((1 + 1/(2r))·y − 1/(2r)·y before)
    const weight = Math.sqrt(to) * -Math.expm1(-h);
    return {
      time: k / config.steps,
      answer: dataAt(k / config.steps),
      clip: true,
      next: {
        x: Math.sqrt((1 - to) / (1 - from)),
        y: weight * (1 + back),
        previousY: -weight * back,
        noise: 0,
      },
    };
  });
}

export const DPM_SOLVER = defineSampler({
  kind: 'dpm-solver++',
  fits: 'diffusion',
  nfe: ({ steps }) => upTo(steps),
  spec: (steps) => ({ kind: 'dpm-solver++', steps }),
  nfeOf: ({ steps }) => steps,
});
