import { encodeOnnx } from './graph/onnx.ts';
import { optimize } from './passes/index.ts';
import { trace } from './trace/trace.ts';
import type { TensorFunction, TensorSpec } from './types.ts';
import type { ProgramShape } from './web.ts';

/** A traced function whose weights lie in a file of their own. */
export interface TracedProgram {
  /** ONNX model. */
  readonly model: Uint8Array;
  readonly shape: ProgramShape;
}

/**
 * Traces a function once and for all, for where nothing can be traced.
 *
 * @param weights of the function: left out of the model, which names their file
 * @param file    what the model calls it
 */
export async function traceProgram(
  fn: TensorFunction,
  inputs: readonly TensorSpec[],
  weights: Float32Array,
  file: string,
): Promise<TracedProgram> {
  const graph = optimize(await trace(fn, inputs));
  const same = (data: ArrayLike<number | bigint>) =>
    data.length === weights.length && weights.every((weight, i) => Object.is(weight, data[i]));
  return {
    model: encodeOnnx(graph, {}, { file, holds: same }),
    shape: {
      inputs,
      outputs: graph.outputs.map(({ name, value }) => ({ name, shape: value.shape })),
    },
  };
}
