import { diffusionPath } from '../paths.ts';
import { meanSquare } from './losses.ts';
import type { Learning, Method } from './method.ts';

const OBJECTIVE = { kind: 'diffusion', steps: 100, prediction: 'v' } as const;

/**
 * Denoising diffusion: the network says what noise is in a chunk, what the chunk is without, or v, a
 * mixture of both. k is drawn uniformly from 1 … K.
 *
 * @see Ho et al. 2020, algorithm 1, arXiv:2006.11239
 */
export const DIFFUSION = {
  name: 'diffusion',
  title: 'Diffusion',
  learns: 'how a noised chunk is denoised (v, ε or the data)',
  objective: OBJECTIVE,
  describe: ({ prediction, steps }) => `diffusion, ${prediction}, K = ${steps}`,
  reading: OBJECTIVE,
  network: 'unet',
  samplers: ['ddim', 'ddpm', 'dpm-solver++', 'renoise'],
} as const satisfies Method<'diffusion'>;

export const DIFFUSION_LEARNING = {
  path: (objective) => diffusionPath(objective),
  loss: meanSquare,
} satisfies Learning<'diffusion'>;
