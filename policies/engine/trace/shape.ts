import type { DataType } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { EngineError, sizeOf } from '../types.ts';
import type { TensorInfo } from './backend.ts';
import { constantOf, elementType } from './backend.ts';
import { lower } from './lowering.ts';

lower('Identity', ({ x }, _, { value }) => value(x));

lower<{ x: TensorInfo }, { shape: number[] }>('Reshape', ({ x }, { shape }, { graph, value }) =>
  graph.reshape(value(x), tf.util.inferFromImplicitShape(shape, sizeOf(x.shape))),
);

lower<{ input: TensorInfo }, { dim: number }>(
  'ExpandDims',
  ({ input }, { dim }, { graph, value }) => {
    const shape = [...input.shape];
    shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
    return graph.reshape(value(input), shape);
  },
);

lower<{ x: TensorInfo }, { perm: number[] }>('Transpose', ({ x }, { perm }, { graph, value }) =>
  graph.transpose(value(x), perm),
);

lower<Record<string, TensorInfo>, { axis: number }>('Concat', (inputs, { axis }, context) => {
  const { graph, value } = context;
  const tensors = Object.values(inputs);
  const [along] = tf.util.parseAxisParam(axis, tensors[0].shape);
  const shape = [...tensors[0].shape];
  shape[along] = tensors.reduce((total, tensor) => total + tensor.shape[along], 0);
  const values = tensors.map(value);
  return graph.node('Concat', values, { shape, dtype: values[0].dtype }, { axis: along });
});

lower<{ x: TensorInfo }, { numOrSizeSplits: number[] | number; axis: number }>(
  'SplitV',
  ({ x }, { numOrSizeSplits, axis }, { graph, value }) => {
    const [along] = tf.util.parseAxisParam(axis, x.shape);
    const input = value(x);
    const sizes = tf.backend_util.prepareSplitSize(
      { shape: x.shape } as tf.Tensor,
      numOrSizeSplits,
      along,
    );
    const outputs = sizes.map((size) => {
      const shape = [...x.shape];
      shape[along] = size;
      return { shape, dtype: input.dtype };
    });
    return graph.nodes('Split', [input, graph.int64(sizes)], outputs, { axis: along });
  },
);

lower<{ x: TensorInfo }, { begin: number[]; size: number[] }>(
  'Slice',
  ({ x }, { begin, size }, { graph, value }) => {
    const input = value(x);
    const [from, extent] = tf.slice_util.parseSliceParams(
      { shape: x.shape, rank: x.shape.length } as tf.Tensor,
      begin,
      size,
    );
    const bounds = [from, from.map((start, i) => start + extent[i]), from.map((_, i) => i)];
    return graph.node('Slice', [input, ...bounds.map((list) => graph.int64(list))], {
      shape: extent,
      dtype: input.dtype,
    });
  },
);

lower<{ x: TensorInfo }, { paddings: [number, number][]; constantValue: number }>(
  'PadV2',
  ({ x }, { paddings, constantValue }, { graph, value }) => {
    const shape = x.shape.map((extent, i) => extent + paddings[i][0] + paddings[i][1]);
    const pads = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
    return graph.node('Pad', [value(x), graph.int64(pads), graph.scalar(constantValue)], { shape });
  },
);

lower<{ x: TensorInfo }, { reps: number[] }>('Tile', ({ x }, { reps }, { graph, value }) => {
  const input = value(x);
  const shape = x.shape.map((extent, i) => extent * reps[i]);
  return graph.node('Tile', [input, graph.int64(reps)], { shape, dtype: input.dtype });
});

lower<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims: number }>(
  'GatherV2',
  ({ x, indices }, { axis, batchDims }, { graph, value }) => {
    if (batchDims > 0) throw new EngineError('tf.gather: batchDims has no lowering');
    const [along] = tf.util.parseAxisParam(axis, x.shape);
    const input = value(x);
    const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
    return graph.node(
      'Gather',
      [input, value(indices)],
      { shape, dtype: input.dtype },
      { axis: along },
    );
  },
);

lower<object, { shape: number[]; value: number; dtype?: DataType }>(
  'Fill',
  (_, { shape, value, dtype = 'float32' }, { graph }) => filled(graph, shape, value, dtype),
);

lower('ZerosLike', ({ x }, _, { graph }) => filled(graph, x.shape, 0, x.dtype));
lower('OnesLike', ({ x }, _, { graph }) => filled(graph, x.shape, 1, x.dtype));

function filled(
  graph: Parameters<Parameters<typeof lower>[1]>[2]['graph'],
  shape: readonly number[],
  value: number,
  dtype: DataType,
) {
  const type = elementType(dtype);
  const data = new Float32Array(sizeOf(shape)).fill(value);
  return graph.constant(constantOf(data, type), type, shape);
}
