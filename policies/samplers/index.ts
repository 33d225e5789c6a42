import { SpecError } from '../config/error.ts';
import type { ObjectiveSpec } from '../config/policy.ts';
import type { SamplerSpec } from '../config/sampler.ts';
import { ddim } from './ddim.ts';
import { ddpm } from './ddpm.ts';
import { direct } from './direct.ts';
import { dpmSolver } from './dpm-solver.ts';
import { euler } from './euler.ts';
import { heun } from './heun.ts';
import { oneStep } from './one-step.ts';
import type { SamplerPlan } from './sampler.ts';

export { isStochastic, type SamplerPlan, type SamplerStep } from './sampler.ts';

/** @throws SpecError where the sampler does not fit the objective */
export function createPlan(objective: ObjectiveSpec, sampler: SamplerSpec): SamplerPlan {
  if (objective.kind === 'regression' && sampler.kind === 'direct') return direct();
  if (objective.kind === 'flow') {
    if (sampler.kind === 'euler') return euler(sampler.steps);
    if (sampler.kind === 'heun') return heun(sampler.steps);
    if (sampler.kind === 'one-step') return oneStep();
  }
  if (objective.kind === 'diffusion') {
    if (sampler.kind === 'ddim') return ddim(objective, sampler.steps, sampler.eta);
    if (sampler.kind === 'ddpm') return ddpm(objective);
    if (sampler.kind === 'dpm-solver++') return dpmSolver(objective, sampler.steps);
  }
  throw new SpecError(`sampler ${sampler.kind} does not fit the objective ${objective.kind}`);
}
