import { diffusionPath } from '../paths.ts';
import { DDIM } from '../samplers/ddim.ts';
import { DDPM } from '../samplers/ddpm.ts';
import { DPM_SOLVER } from '../samplers/dpm-solver.ts';
import { meanSquare } from './losses.ts';
import type { Method } from './method.ts';

const OBJECTIVE = { kind: 'diffusion', steps: 100, prediction: 'v' } as const;

/**
 * Denoising diffusion: the network says what noise is in a chunk, or v, a mixture of both. k is drawn
 * uniformly from 1 … K.
 *
 * @see Ho et al. 2020, algorithm 1, arXiv:2006.11239
 */
export const DIFFUSION = {
  name: 'diffusion',
  title: 'Diffusion',
  learns: 'how a noised chunk is denoised (v, or ε)',
  objective: OBJECTIVE,
  reading: OBJECTIVE,
  network: 'unet',
  path: (objective) => diffusionPath(objective),
  loss: meanSquare,
  samplers: [DDIM, DDPM, DPM_SOLVER],
} as const satisfies Method<'diffusion'>;
