import tf from '@tensorflow/tfjs';
import type { TensorInfo } from './backend.ts';
import { lower } from './lowering.ts';

interface Axes {
  axis: number | number[];
  keepDims: boolean;
}

const REDUCTIONS = { Sum: 'ReduceSum', Mean: 'ReduceMean', Max: 'ReduceMax' };

for (const [kernel, op] of Object.entries(REDUCTIONS)) {
  lower<{ x: TensorInfo }, Axes>(kernel, ({ x }, { axis, keepDims }, { graph, value }) => {
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const input = value(x);
    if (axes.length === 0) return input;
    const shape = x.shape.flatMap((extent, i) => {
      if (!axes.includes(i)) return [extent];
      return keepDims ? [1] : [];
    });
    return graph.node(
      op,
      [input, graph.int64(axes)],
      { shape, dtype: input.dtype },
      { keepdims: keepDims ? 1 : 0 },
    );
  });
}
