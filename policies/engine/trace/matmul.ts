import tf from '#tensorflow';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';
import type { TensorInfo } from './backend.ts';
import { lower } from './lowering.ts';

interface Transposed {
  transposeA: boolean;
  transposeB: boolean;
}

lower<{ a: TensorInfo; b: TensorInfo }, Transposed>(
  'BatchMatMul',
  ({ a, b }, { transposeA, transposeB }, { graph, value }) => {
    const rows = a.shape[a.shape.length - (transposeA ? 1 : 2)];
    const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)];
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(
      a.shape.slice(0, -2),
      b.shape.slice(0, -2),
    );
    const shape = [...batch, rows, columns];
    const shared = sizeOf(b.shape.slice(0, -2)) === 1;
    if (shared && batch.length > 0 && !transposeA && !transposeB) {
      // The same matrix for the whole batch: MatMul takes the batch's rows at once where it is 2-D.
      const right = graph.reshape(value(b), b.shape.slice(-2));
      return graph.node('MatMul', [value(a), right], { shape });
    }
    if (sizeOf(batch) === 1) {
      // Gemm reads transposed operands in place; MatMul would need them copied first.
      const left = graph.reshape(value(a), a.shape.slice(-2));
      const right = graph.reshape(value(b), b.shape.slice(-2));
      const attributes = { transA: Number(transposeA), transB: Number(transposeB) };
      const product = graph.node('Gemm', [left, right], { shape: [rows, columns] }, attributes);
      return graph.reshape(product, shape);
    }
    const left = transposeA ? swapLast(graph, value(a)) : value(a);
    const right = transposeB ? swapLast(graph, value(b)) : value(b);
    return graph.node('MatMul', [left, right], { shape });
  },
);

function swapLast(graph: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  const axes = x.shape.map((_, i) => i);
  return graph.transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2]);
}
