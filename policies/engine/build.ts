import { largestProductFlops } from './graph/flops.ts';
import { encodeOnnx } from './graph/onnx.ts';
import { optimize } from './passes/index.ts';
import type { StoredProgram } from './program-cache.ts';
import { trace } from './trace/trace.ts';
import { type CompileOptions, isFewRows, type TensorFunction, type TensorSpec } from './types.ts';

/**
 * A function as an ONNX model, wherever that is to run: on a server, or in a page.
 *
 * @param options how many rows it computes at once
 * @throws EngineError as `trace`
 */
export async function build(
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  options: Pick<CompileOptions, 'rows'> = {},
): Promise<StoredProgram> {
  const fewRows = isFewRows(options);
  const graph = optimize(await trace(fn, specs, { fewRows }), { fewRows });
  const shapes = graph.outputs.map(({ name, value }) => [name, value.shape] as const);
  return {
    model: encodeOnnx(graph),
    outputShapes: Object.fromEntries(shapes),
    largestProduct: largestProductFlops(graph),
  };
}
