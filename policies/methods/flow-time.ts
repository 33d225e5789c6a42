import type { FlowTime } from '../config/objective.ts';
import type { Random } from '../random.ts';

/** Beta times end here: the network need not answer where the path has reached the data. */
const LATEST_BETA = 0.999;

/**
 * One flow time τ for training, by inversion where the density allows.
 *
 * - `uniform`: every τ in [0, 1) alike.
 * - `beta`: (0.999 − τ)/0.999 ~ Beta(1.5, 1). It favours the noise end, τ = 0, where the density is
 *   highest, and falls to zero at 0.999. Black et al. 2024 (π0), appendix B, arXiv:2410.24164.
 * - `logit-normal`: log(τ/(1−τ)) ~ N(0, 1). It favours the middle and leaves out both ends. Esser
 *   et al. 2024, section 3.1, arXiv:2403.03206.
 * - `start`: seven of eight times are τ = 0, where a single step begins, the others even. What a
 *   reflow needs that is to go all the way at once. Liu et al. 2023, section 2.2 ("distillation"),
 *   arXiv:2209.03003.
 */
export function drawFlowTime(random: Random, density: FlowTime = 'uniform'): number {
  switch (density) {
    case 'uniform':
      return random.uniform();
    case 'beta':
      // Beta(1.5, 1) has the distribution function b^1.5.
      return LATEST_BETA * (1 - random.uniform() ** (2 / 3));
    case 'start':
      return Math.max(0, 8 * random.uniform() - 7);
    case 'logit-normal':
      return 1 / (1 + Math.exp(-random.normal()));
  }
}
