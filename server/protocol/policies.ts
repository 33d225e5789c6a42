import type { PolicySpec, ShippedName } from '../../policies/spec/index.ts';

// What pages know of policies, without the schemas and their library.
export {
  chooseSampler,
  MAX_NFE,
  type NfeRange,
  nfeOf,
  nfeRange,
  SAMPLERS,
  usualSampler,
} from '../../policies/spec/choose-sampler.ts';
export { SpecError } from '../../policies/spec/error.ts';
export type { ObjectiveSpec } from '../../policies/spec/policy.ts';
export {
  OBJECTIVES,
  POLICY_NAMES,
  type PolicyName,
  SHIPPED,
  UNREADING,
} from '../../policies/spec/presets.ts';
export type { SamplerKind } from '../../policies/spec/sampler.ts';

/** A checkpoint that ships, and what it is. */
export interface ShippedPolicy {
  readonly name: ShippedName;
  readonly spec: PolicySpec;
}
