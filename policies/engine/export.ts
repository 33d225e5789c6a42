import { encodeOnnx } from './graph/onnx.ts';
import { OPSET } from './graph/opset.ts';
import { optimize } from './passes/index.ts';
import { trace } from './trace/trace.ts';
import type { TensorFunction, TensorSpec } from './types.ts';

/** A function as the bytes of an ONNX model, with what is to be known of it. */
export async function exportGraph(
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  metadata: Readonly<Record<string, string>>,
): Promise<Uint8Array> {
  const graph = optimize(await trace(fn, specs));
  return encodeOnnx(graph, { ...metadata, opset: String(OPSET) });
}
