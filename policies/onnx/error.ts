/** An ONNX file that is no policy which can act here: what was expected, and what came. */
export class OnnxPolicyError extends Error {
  override readonly name = 'OnnxPolicyError';
}
