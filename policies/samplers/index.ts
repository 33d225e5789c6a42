import type { SamplerKind } from '../config/sampler.ts';
import { DDIM } from './ddim.ts';
import { DDPM } from './ddpm.ts';
import { DIRECT } from './direct.ts';
import { DPM_SOLVER } from './dpm-solver.ts';
import { EULER } from './euler.ts';
import { HEUN } from './heun.ts';
import { ONE_STEP } from './one-step.ts';
import { RENOISE } from './renoise.ts';
import type { Sampler } from './sampler.ts';

export {
  isStochastic,
  type NfeRange,
  type Sampler,
  type SamplerPlan,
  type SamplerStep,
} from './sampler.ts';

/** Every sampler, by the kind its settings name. */
const SAMPLERS: Readonly<Record<SamplerKind, Sampler>> = {
  direct: DIRECT,
  ddim: DDIM,
  ddpm: DDPM,
  'dpm-solver++': DPM_SOLVER,
  euler: EULER,
  heun: HEUN,
  renoise: RENOISE,
  'one-step': ONE_STEP,
};

export function samplerOf(kind: SamplerKind): Sampler {
  return SAMPLERS[kind];
}
