export { METHOD_NAMES, METHODS, type MethodName } from '../methods/index.ts';
export {
  answersOnce,
  chooseSampler,
  type NfeRange,
  nfeOf,
  nfeRange,
  SAMPLERS,
  usualSampler,
} from './choose-sampler.ts';
export type { ConditionSpec, TextSpec } from './condition.ts';
export { textSize } from './condition-inputs.ts';
export { type Accelerator, ENGINE_NAMES, type EngineName } from './engine.ts';
export { SpecError } from './error.ts';
export { checkGuidance } from './guidance.ts';
export { cutText, explainIssues, MAX_ISSUES_TEXT } from './issues.ts';
export { methodNameSchema } from './method-name.ts';
export type { NetworkSpec } from './network.ts';
export {
  FLOW_TIMES,
  type FlowTime,
  type ObjectiveSpec,
  type Prediction,
} from './objective.ts';
export { nameSchema, type PolicySpec, policySpecSchema } from './policy.ts';
export { PREDICTIONS } from './predictions.ts';
export {
  defaultActionHorizon,
  PRESET_NAMES,
  PRESETS,
  type PresetName,
  presetPolicy,
  type Readable,
} from './presets.ts';
export {
  CONDITION_KINDS,
  type ConditionKind,
  conditionKind,
  REGISTRY,
  type RegisteredPolicy,
} from './registry.ts';
export {
  etaOf,
  type SamplerChoice,
  type SamplerKind,
  type SamplerSpec,
  samplerChoiceSchema,
  samplerSchema,
} from './sampler.ts';
export { SHIPPED, SHIPPED_NAMES, type ShippedName } from './shipped.ts';
export { type TrainingSpec, trainingSpecSchema } from './training.ts';
