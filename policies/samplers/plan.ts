import { SpecError } from '../config/error.ts';
import type { ObjectiveSpec } from '../config/objective.ts';
import type { SamplerSpec } from '../config/sampler.ts';
import { pathOf, samplersFor } from '../methods/index.ts';
import type { DiffusionConfig, Path } from '../paths.ts';
import { ddim } from './ddim.ts';
import { ddpm } from './ddpm.ts';
import { direct } from './direct.ts';
import { dpmSolver } from './dpm-solver.ts';
import { euler } from './euler.ts';
import { heun } from './heun.ts';
import { oneStep } from './one-step.ts';
import { renoise } from './renoise.ts';
import type { SamplerPlan } from './sampler.ts';

/** @throws SpecError where the sampler does not fit the objective */
export function createPlan(objective: ObjectiveSpec, sampler: SamplerSpec): SamplerPlan {
  if (!samplersFor(objective).includes(sampler.kind)) throw unfit(objective, sampler);
  const diffusion = (): DiffusionConfig => {
    if (objective.kind === 'diffusion') return objective;
    throw unfit(objective, sampler);
  };
  const noised = (): Path => {
    const path = pathOf(objective);
    if (path) return path;
    throw unfit(objective, sampler);
  };
  switch (sampler.kind) {
    case 'direct':
      return direct();
    case 'ddim':
      return ddim(diffusion(), sampler.steps, sampler.eta);
    case 'ddpm':
      return ddpm(diffusion());
    case 'dpm-solver++':
      return dpmSolver(diffusion(), sampler.steps);
    case 'euler':
      return euler(sampler.steps);
    case 'heun':
      return heun(sampler.steps);
    case 'renoise':
      return renoise(noised(), sampler.steps);
    case 'one-step':
      return oneStep();
  }
}

function unfit(objective: ObjectiveSpec, sampler: SamplerSpec): SpecError {
  return new SpecError(`sampler ${sampler.kind} does not fit the objective ${objective.kind}`);
}
