import type { ObjectiveSpec } from '../config/objective.ts';
import type { SamplerSpec } from '../config/sampler.ts';
import { pathOf } from '../methods/index.ts';
import { clipped } from '../samplers/clipped.ts';
import { createPlan } from '../samplers/plan.ts';
import type { SamplerPlan } from '../samplers/sampler.ts';

/**
 * How a picture is drawn, by any sampler: what is estimated of it on the way has no colours that no picture
 * has. Guidance exaggerates, and what lies beyond the range leads the network where it has learnt nothing.
 * A reflow's pairs are no drawings: they follow the teacher's own path.
 *
 * @throws SpecError as `createPlan`
 */
export function picturePlan(objective: ObjectiveSpec, sampler: SamplerSpec): SamplerPlan {
  return clipped(createPlan(objective, sampler), pathOf(objective));
}
