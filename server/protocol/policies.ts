import type { PolicySpec, ShippedName } from '../../policies/config/index.ts';

// What pages know of policies, without the schemas and their library.
export {
  answersOnce,
  chooseSampler,
  type NfeRange,
  nfeOf,
  nfeRange,
  SAMPLERS,
  usualSampler,
} from '../../policies/config/choose-sampler.ts';
export { SpecError } from '../../policies/config/error.ts';
export { MAX_NFE } from '../../policies/config/nfe.ts';
export type { ObjectiveSpec } from '../../policies/config/objective.ts';
export type { SamplerKind } from '../../policies/config/sampler.ts';
export { SHIPPED } from '../../policies/config/shipped.ts';
export { findMethod, METHOD_NAMES, type MethodName } from '../../policies/methods/index.ts';

/** A checkpoint that ships, and what it is. */
export interface ShippedPolicy {
  readonly name: ShippedName;
  readonly spec: PolicySpec;
}
