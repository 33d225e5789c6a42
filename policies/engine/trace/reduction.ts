import tf from '@tensorflow/tfjs';
import type { Value } from '../graph/graph.ts';
import type { TensorInfo } from './backend.ts';
import { type LoweringContext, lower } from './lowering.ts';

function reduce(
  op: string,
  x: TensorInfo,
  axis: number | number[],
  keepDims: boolean,
  { graph, value }: LoweringContext,
): Value {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const input = value(x);
  if (axes.length === 0) return input;
  const shape = x.shape.flatMap((extent, i) => {
    if (!axes.includes(i)) return [extent];
    return keepDims ? [1] : [];
  });
  const output = { shape, dtype: input.dtype };
  return graph.node(op, [input, graph.int64(axes)], output, { keepdims: keepDims ? 1 : 0 });
}

for (const [kernel, op] of Object.entries({ Sum: 'ReduceSum', Mean: 'ReduceMean' })) {
  lower<{ x: TensorInfo }, { axis: number | number[]; keepDims: boolean }>(
    kernel,
    ({ x }, { axis, keepDims }, context) => reduce(op, x, axis, keepDims, context),
  );
}

// The one reduction whose axes go by another name.
lower<{ x: TensorInfo }, { reductionIndices: number | number[]; keepDims: boolean }>(
  'Max',
  ({ x }, { reductionIndices, keepDims }, context) =>
    reduce('ReduceMax', x, reductionIndices, keepDims, context),
);
