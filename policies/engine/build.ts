import { largestProductFlops } from './graph/flops.ts';
import { encodeOnnx } from './graph/onnx.ts';
import { splitTail } from './kernel/split.ts';
import { optimize } from './passes/index.ts';
import type { StoredProgram } from './program-cache.ts';
import { trace } from './trace/trace.ts';
import { type CompileOptions, isFewRows, type TensorFunction, type TensorSpec } from './types.ts';

/**
 * A function as an ONNX model, wherever that is to run: on a server, or in a page.
 *
 * @param options how many rows it computes at once, and whether a tail of long vectors is left out of the
 *                model. @default unknown, and none is
 * @throws EngineError as `trace`
 */
export async function build(
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  { tailed = false, ...options }: Pick<CompileOptions, 'rows'> & { tailed?: boolean } = {},
): Promise<StoredProgram> {
  const fewRows = isFewRows(options);
  const graph = optimize(await trace(fn, specs, { fewRows }), { fewRows });
  const shapes = graph.outputs.map(({ name, value }) => [name, value.shape] as const);
  const split = tailed ? splitTail(graph) : null;
  return {
    model: encodeOnnx(split?.body ?? graph),
    tail: split?.tail ?? null,
    outputShapes: Object.fromEntries(shapes),
    largestProduct: largestProductFlops(graph),
  };
}
