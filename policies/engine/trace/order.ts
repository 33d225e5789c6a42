import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';
import type { Laid, TensorInfo } from './backend.ts';
import { elementwise } from './elementwise.ts';
import { type LoweringContext, lowerForFew } from './lowering.ts';

/**
 * Kernels that work on tensors however their axes lie. Transposing a tensor then costs nothing until some
 * other kernel needs the axes in their own order, and what a network transposes to and fro is never moved.
 */

const isInOrder = ({ order }: Laid) => order.every((axis, i) => axis === i);

/** A tensor's value with its axes in a given order; it may have fewer axes than the order, as when broadcast. */
export function valueIn(
  { graph, laid }: Pick<LoweringContext, 'graph' | 'laid'>,
  tensor: TensorInfo,
  order: readonly number[],
): Value {
  const { rank, value, order: there } = padded(graph, laid(tensor), order.length);
  if (rank === 0) return value;
  return graph.transpose(
    value,
    order.map((axis) => there.indexOf(axis)),
  );
}

/** With as many axes as asked, those added being first and of length one; numbers stay as they are. */
function padded(
  graph: GraphBuilder,
  { value, order }: Laid,
  rank: number,
): Laid & { rank: number } {
  const missing = rank - order.length;
  if (order.length === 0 || missing <= 0) return { value, order, rank: order.length };
  const ones = Array.from({ length: missing }, (_, i) => i);
  return {
    value: graph.reshape(value, [...ones.map(() => 1), ...value.shape]),
    order: [...ones, ...order.map((axis) => axis + missing)],
    rank,
  };
}

/** The order in which the first of some tensors lies that is of the given rank and not in its own order. */
function orderAmong(
  { laid }: LoweringContext,
  tensors: readonly TensorInfo[],
  rank: number,
): readonly number[] | null {
  const found = tensors.map(laid).find((each) => each.order.length === rank && !isInOrder(each));
  return found?.order ?? null;
}

lowerForFew<{ x: TensorInfo }, { perm: number[] }>('Transpose', ({ x }, { perm }, { laid }) => {
  const { value, order } = laid(x);
  return { value, order: order.map((axis) => perm.indexOf(axis)) };
});

lowerForFew('Identity', ({ x }, _, { laid }) => laid(x));

for (const { kernel, operands, write } of elementwise) {
  lowerForFew<Record<string, TensorInfo>>(kernel, (inputs, attributes, context) => {
    const tensors = operands(inputs);
    const rank = Math.max(...tensors.map(({ shape }) => shape.length));
    const order = orderAmong(context, tensors, rank);
    if (!order) return null;
    const values = tensors.map((tensor) => valueIn(context, tensor, order));
    return { value: write(context.graph, values, attributes), order };
  });
}

lowerForFew<Record<string, TensorInfo>, { axis: number }>('Concat', (inputs, { axis }, context) => {
  const tensors = Object.values(inputs);
  const rank = tensors[0].shape.length;
  const order = orderAmong(context, tensors, rank);
  if (!order) return null;
  const values = tensors.map((tensor) => valueIn(context, tensor, order));
  const along = order.indexOf(axis < 0 ? axis + rank : axis);
  const shape = [...values[0].shape];
  shape[along] = values.reduce((total, value) => total + value.shape[along], 0);
  const value = context.graph.node('Concat', values, { shape }, { axis: along });
  return { value, order };
});

lowerForFew<{ x: TensorInfo }, { reps: number[] }>('Tile', ({ x }, { reps }, { graph, laid }) => {
  const { value, order } = laid(x);
  const repeats = order.map((axis) => reps[axis]);
  const shape = value.shape.map((extent, i) => extent * repeats[i]);
  const { dtype } = value;
  const each = repeatedEach(graph, value, repeats);
  if (each) return { value: each, order };
  return { value: graph.node('Tile', [value, graph.int64(repeats)], { shape, dtype }), order };
});

/** Up to here a product of rows with ones and zeros takes 2 to 3 µs less than repeating, of [64, 8]. */
const MAX_PLACES = 32;

/** [.., n, 1] → [.., n, times], each number repeated, as a product; null where something else is repeated. */
function repeatedEach(graph: GraphBuilder, x: Value, repeats: readonly number[]): Value | null {
  const last = x.shape.length - 1;
  const places = x.shape[last - 1] ?? 0;
  const isEach = x.shape[last] === 1 && repeats.every((times, i) => i === last || times === 1);
  if (x.dtype !== 'float32' || !isEach || places < 1 || places > MAX_PLACES) return null;
  const wide = places * repeats[last];
  const ones = new Float32Array(places * wide);
  for (let to = 0; to < wide; to++) ones[Math.floor(to / repeats[last]) * wide + to] = 1;
  const rows = graph.reshape(x, [sizeOf(x.shape) / places, places]);
  const by = graph.constant(ones, 'float32', [places, wide]);
  const product = graph.node('Gemm', [rows, by], { shape: [rows.shape[0], wide] });
  return graph.reshape(product, x.shape.with(last, repeats[last]));
}

lowerForFew<{ x: TensorInfo }, { shape: number[] }>('Reshape', ({ x }, attributes, context) => {
  const there = context.laid(x);
  if (isInOrder(there) || attributes.shape.includes(-1)) return null;
  const order = orderReshaped(x.shape, there.order, attributes.shape);
  if (!order) return null;
  const shape = order.map((axis) => attributes.shape[axis]);
  return { value: context.graph.reshape(there.value, shape), order };
});

/**
 * Order of the axes of a reshaped tensor whose numbers need not move: each axis of one shape, or run of axes
 * of the same product, becomes one of the other, and what becomes of a run lies where that lay. An axis of
 * length one follows the one before it. Null where a run does not lie together.
 */
export function orderReshaped(
  from: readonly number[],
  order: readonly number[],
  to: readonly number[],
): number[] | null {
  const runs: { from: number[]; to: number[] }[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const run = { from: [] as number[], to: [] as number[] };
    let [left, right] = [1, 1];
    do {
      // The shorter one goes on; of two that are as long, an axis of length one belongs to the run.
      if (i < from.length && (left <= right || j === to.length)) {
        left *= from[i];
        run.from.push(i++);
      } else {
        right *= to[j];
        run.to.push(j++);
      }
    } while (left !== right || run.from.length === 0);
    while (j < to.length && to[j] === 1) run.to.push(j++);
    runs.push(run);
  }
  const long = order.filter((axis) => from[axis] !== 1);
  const placed = runs.map((run) => {
    const axes = run.from.filter((axis) => from[axis] !== 1);
    const start = long.indexOf(axes[0]);
    const together = axes.every((axis, k) => long[start + k] === axis);
    return { ...run, start: axes.length === 0 ? -1 : start, together };
  });
  if (placed.some(({ together }) => !together)) return null;
  return placed.sort((a, b) => a.start - b.start).flatMap((run) => run.to);
}
