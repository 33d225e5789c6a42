export { type ConditionSpec, checkGuidance, type TextSpec, textSize } from './condition.ts';
export { ENGINE_NAMES, type EngineName } from './engine.ts';
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
} from './presets.ts';
export {
  chooseSampler,
  nfeOf,
  SAMPLERS,
  type SamplerChoice,
  type SamplerKind,
  type SamplerSpec,
  SpecError,
  samplerChoiceSchema,
  samplerSchema,
} from './sampler.ts';
export { type TrainingSpec, trainingSpecSchema } from './training.ts';
