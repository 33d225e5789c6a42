export {
  chooseSampler,
  type NfeRange,
  nfeOf,
  nfeRange,
  SAMPLERS,
  usualSampler,
} from './choose-sampler.ts';
export { type ConditionSpec, checkGuidance, type TextSpec, textSize } from './condition.ts';
export { type Accelerator, ENGINE_NAMES, type EngineName } from './engine.ts';
export { SpecError } from './error.ts';
export { cutText, explainIssues, MAX_ISSUES_TEXT } from './issues.ts';
export {
  FLOW_TIMES,
  type FlowTime,
  type NetworkSpec,
  nameSchema,
  type ObjectiveSpec,
  type PolicySpec,
  policySpecSchema,
} from './policy.ts';
export {
  defaultActionHorizon,
  POLICY_NAMES,
  POLICY_TITLES,
  type PolicyName,
  PRESET_NAMES,
  PRESETS,
  type PresetName,
  policyName,
  presetPolicy,
  type Readable,
  SHIPPED,
  SHIPPED_NAMES,
  type ShippedName,
  UNREADING,
} from './presets.ts';
export {
  CONDITION_KINDS,
  type ConditionKind,
  conditionKind,
  REGISTRY,
  type RegisteredPolicy,
} from './registry.ts';
export {
  type SamplerChoice,
  type SamplerKind,
  type SamplerSpec,
  samplerChoiceSchema,
  samplerSchema,
} from './sampler.ts';
export { type TrainingSpec, trainingSpecSchema } from './training.ts';
