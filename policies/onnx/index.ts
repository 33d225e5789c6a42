export { OnnxPolicyError } from './error.ts';
export { inspectOnnx, type OnnxFacts } from './inspect.ts';
export { describeOnnx, OnnxPolicy } from './policy.ts';
