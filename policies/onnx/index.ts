export { OnnxPolicyError } from './error.ts';
export { inspectOnnx, type OnnxFacts } from './inspect.ts';
export { type OnnxManifest, parseManifest } from './manifest.ts';
export { describeOnnx, OnnxPolicy } from './policy.ts';
export type { Robot } from './units.ts';
