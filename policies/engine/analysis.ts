import { productFlops } from './graph/flops.ts';
import { optimize } from './passes/index.ts';
import { trace } from './trace/trace.ts';
import { type CompileOptions, isFewRows, type TensorFunction, type TensorSpec } from './types.ts';

/** What a function costs in the compiled engine, counted from its graph. */
export interface Analysis {
  readonly nodes: number;
  /** Of the matrix products that run. */
  readonly flops: number;
  /** The same with every convolution written as one product of columns, as textbooks count it. */
  readonly plainFlops: number;
}

/** @cost two traces, about 0.4 s for a training step of a U-Net */
export async function analyze(
  fn: TensorFunction,
  specs: readonly TensorSpec[],
  options: Pick<CompileOptions, 'rows'> = {},
): Promise<Analysis> {
  const fewRows = isFewRows(options);
  const graph = optimize(await trace(fn, specs, { fewRows }), { fewRows });
  const plain = optimize(await trace(fn, specs, { fastConvolutions: false }));
  return {
    nodes: graph.nodes.length,
    flops: productFlops(graph),
    plainFlops: productFlops(plain),
  };
}
