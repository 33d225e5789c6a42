import { SpecError } from '../config/error.ts';
import type { ObjectiveSpec } from '../config/objective.ts';
import type { SamplerSpec } from '../config/sampler.ts';
import { methodFor } from '../methods/index.ts';
import type { SamplerPlan } from './sampler.ts';

/** @throws SpecError where the sampler does not fit the objective */
export function createPlan(objective: ObjectiveSpec, sampler: SamplerSpec): SamplerPlan {
  const known = methodFor(objective).samplers.find(({ kind }) => kind === sampler.kind);
  if (known) return known.plan(objective, sampler);
  throw new SpecError(`sampler ${sampler.kind} does not fit the objective ${objective.kind}`);
}
