export { inspectOnnx, type OnnxFacts, OnnxPolicyError } from './inspect.ts';
export { describeOnnx, OnnxPolicy } from './policy.ts';
