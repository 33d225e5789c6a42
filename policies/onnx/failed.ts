import { RUNTIME_NAME } from '../engine/runtime.ts';
import { OnnxPolicyError } from './error.ts';

/** What ONNX Runtime says, cut to its first line. */
export function failed(expected: string, cause: unknown): OnnxPolicyError {
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return new OnnxPolicyError(
    `${RUNTIME_NAME}: expected ${expected}, got "${reason.slice(0, 300)}"; export it again`,
    { cause },
  );
}
