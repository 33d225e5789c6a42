import type { DataType } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { GraphBuilder } from '../graph/builder.ts';
import { ELEMENT_TYPE, type Value } from '../graph/graph.ts';
import type { TensorInfo } from './backend.ts';
import { elementType } from './backend.ts';
import { lower } from './lowering.ts';

interface Pair {
  a: TensorInfo;
  b: TensorInfo;
}

const broadcast = (a: { shape: readonly number[] }, b: { shape: readonly number[] }) =>
  tf.broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);

/** A kernel that makes each number from those at its place, in whatever order the axes lie. */
interface ElementwiseKernel {
  readonly kernel: string;
  operands(inputs: Record<string, TensorInfo>): readonly TensorInfo[];
  /** @param values of the operands, which broadcast */
  write(graph: GraphBuilder, values: readonly Value[], attributes: object): Value;
}

/** Those of floats that networks and samplers are made of. */
export const elementwise: ElementwiseKernel[] = [];

function lowerElementwise<Attrs extends object>(
  kernel: string,
  operands: ElementwiseKernel['operands'],
  write: (graph: GraphBuilder, values: readonly Value[], attributes: Attrs) => Value,
): void {
  elementwise.push({ kernel, operands, write: write as ElementwiseKernel['write'] });
  lower<Record<string, TensorInfo>, Attrs>(kernel, (inputs, attributes, { graph, value }) =>
    write(graph, operands(inputs).map(value), attributes),
  );
}

const ARITHMETIC = {
  Add: 'Add',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
};
for (const [kernel, op] of Object.entries(ARITHMETIC)) {
  lowerElementwise(
    kernel,
    ({ a, b }) => [a, b],
    (graph, [a, b]) => graph.node(op, [a, b], { shape: broadcast(a, b), dtype: a.dtype }),
  );
}

lowerElementwise('AddN', Object.values, (graph, values) =>
  values.reduce((sum, each) => graph.node('Add', [sum, each], { shape: sum.shape })),
);

const COMPARISONS = {
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  Equal: 'Equal',
};
for (const [kernel, op] of Object.entries(COMPARISONS)) {
  lower<Pair>(kernel, ({ a, b }, _, { graph, value }) =>
    graph.node(op, [value(a), value(b)], { shape: broadcast(a, b), dtype: 'bool' }),
  );
}

const UNARY = {
  Abs: 'Abs',
  Cos: 'Cos',
  Erf: 'Erf',
  Exp: 'Exp',
  Log: 'Log',
  Neg: 'Neg',
  Reciprocal: 'Reciprocal',
  Relu: 'Relu',
  Sigmoid: 'Sigmoid',
  Sign: 'Sign',
  Sin: 'Sin',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
  Tanh: 'Tanh',
};
for (const [kernel, op] of Object.entries(UNARY)) {
  lowerElementwise(
    kernel,
    ({ x }) => [x],
    (graph, [x]) => graph.node(op, [x], x),
  );
}

lowerElementwise(
  'Square',
  ({ x }) => [x],
  (graph, [x]) => graph.node('Mul', [x, x], x),
);

lower('Rsqrt', ({ x }, _, { graph, value }) => {
  const root = graph.node('Sqrt', [value(x)], { shape: x.shape });
  return graph.node('Reciprocal', [root], { shape: x.shape });
});

lower<Pair>('SquaredDifference', ({ a, b }, _, { graph, value }) => {
  const shape = broadcast(a, b);
  const difference = graph.node('Sub', [value(a), value(b)], { shape });
  return graph.node('Mul', [difference, difference], { shape });
});

lower<{ x: TensorInfo }, { dtype: DataType }>('Cast', ({ x }, { dtype }, { graph, value }) => {
  const to = elementType(dtype);
  return graph.node('Cast', [value(x)], { shape: x.shape, dtype: to }, { to: ELEMENT_TYPE[to] });
});

// The derivative of ReLU: 1 where x > 0, else `alpha`.
lower<{ x: TensorInfo }, { alpha: number }>('Step', ({ x }, { alpha }, { graph, value }) => {
  const positive = graph.node('Greater', [value(x), graph.scalar(0)], {
    shape: x.shape,
    dtype: 'bool',
  });
  return graph.node('Where', [positive, graph.scalar(1), graph.scalar(alpha)], { shape: x.shape });
});

lowerElementwise<{ clipValueMin: number; clipValueMax: number }>(
  'ClipByValue',
  ({ x }) => [x],
  (graph, [x], { clipValueMin, clipValueMax }) =>
    graph.node('Clip', [x, graph.scalar(clipValueMin), graph.scalar(clipValueMax)], x),
);

lower<{ a: TensorInfo; b: TensorInfo }>('LogicalAnd', ({ a, b }, _, { graph, value }) =>
  graph.node('And', [value(a), value(b)], { shape: broadcast(a, b), dtype: 'bool' }),
);

lower('LogicalNot', ({ x }, _, { graph, value }) =>
  graph.node('Not', [value(x)], { shape: x.shape, dtype: 'bool' }),
);

lower<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(
  'Select',
  ({ condition, t, e }, _, { graph, value }) => {
    const yes = value(t);
    return graph.node('Where', [value(condition), yes, value(e)], {
      shape: t.shape,
      dtype: yes.dtype,
    });
  },
);

lower<{ logits: TensorInfo }, { dim: number }>('Softmax', ({ logits }, { dim }, { graph, value }) =>
  graph.node('Softmax', [value(logits)], { shape: logits.shape }, { axis: dim }),
);
