import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';
import type { MinimalFiltering, Rows } from './minimal-filtering.ts';
import { mix } from './tiled-mixing.ts';

/**
 * Convolutions over pictures with fewer products than columns take: 36 instead of 144 for 4 × 4 places,
 * kernel 3. As `fast-convolution.ts` along time, once down and once to the right; tiles below one another
 * stay a batch of their own, so that nothing has to be transposed between the two.
 */
export interface PlaneFiltering {
  readonly down: MinimalFiltering;
  readonly right: MinimalFiltering;
}

/** x [H, W, B, Ci], taps [h, w, Ci, Co] → [H, W, B, Co] */
export function fastPlaneConvolution(
  graph: GraphBuilder,
  filtering: PlaneFiltering,
  x: Value,
  taps: Value,
): Value {
  const { down, right } = filtering;
  const [height, width, batch] = x.shape;
  const outChannels = taps.shape[3];
  const inputs = mixedInputs(graph, filtering, x);
  const filters = mixedFilters(graph, filtering, taps);
  const shape = [...inputs.shape.slice(0, -1), outChannels];
  const products = graph.node('MatMul', [inputs, filters], { shape });
  return mixBoth(graph, [down.output, right.output], products, [height, width, batch, outChannels]);
}

/** ∂taps [h, w, Ci, Co] from x [H, W, B, Ci] and ∂y [H, W, B, Co] */
export function fastPlaneFilterGradient(
  graph: GraphBuilder,
  filtering: PlaneFiltering,
  x: Value,
  dy: Value,
): Value {
  const { down, right } = filtering;
  const inputs = mixedInputs(graph, filtering, x);
  const errors = mixedErrors(graph, filtering, dy);
  const ends = [x.shape[3], dy.shape[3]];
  const shape = [...inputs.shape.slice(0, 3), ...ends];
  const products = graph.node('FusedMatMul', [inputs, errors], { shape }, { transA: 1 });
  const summed = graph.node(
    'ReduceSum',
    [products, graph.int64([1])],
    { shape: [down.points, right.points, ...ends] },
    { keepdims: 0 },
  );
  const kernels = [down.filter[0].length, right.filter[0].length];
  return mixBoth(graph, [turn(down.filter), turn(right.filter)], summed, [...kernels, ...ends]);
}

/** ∂x [H, W, B, Ci] from ∂y [H, W, B, Co] and taps [h, w, Ci, Co] */
export function fastPlaneInputGradient(
  graph: GraphBuilder,
  filtering: PlaneFiltering,
  dy: Value,
  taps: Value,
): Value {
  const { down, right } = filtering;
  const [height, width, batch] = dy.shape;
  const inChannels = taps.shape[2];
  const errors = mixedErrors(graph, filtering, dy);
  const filters = mixedFilters(graph, filtering, taps);
  const shape = [...errors.shape.slice(0, -1), inChannels];
  const products = graph.node('FusedMatMul', [errors, filters], { shape }, { transB: 1 });
  return mixBoth(graph, [turn(down.input), turn(right.input)], products, [
    ...[height, width, batch],
    inChannels,
  ]);
}

/** [points down, tiles down, points right, tiles right · B, C] */
function mixedShape({ down, right }: PlaneFiltering, [, , batch, channels]: readonly number[]) {
  return [down.points, down.tiles, right.points, right.tiles * batch, channels];
}

function mixedInputs(graph: GraphBuilder, filtering: PlaneFiltering, x: Value): Value {
  const { down, right } = filtering;
  return mixBoth(graph, [down.input, right.input], x, mixedShape(filtering, x.shape));
}

function mixedErrors(graph: GraphBuilder, filtering: PlaneFiltering, dy: Value): Value {
  const { down, right } = filtering;
  const rows = [turn(down.output), turn(right.output)] as const;
  return mixBoth(graph, rows, dy, mixedShape(filtering, dy.shape));
}

/** [points down, 1, points right, Ci, Co]: the same for all tiles. */
function mixedFilters(graph: GraphBuilder, { down, right }: PlaneFiltering, taps: Value): Value {
  const shape = [down.points, 1, right.points, ...taps.shape.slice(2)];
  return mixBoth(graph, [down.filter, right.filter], taps, shape);
}

/** Mixes places down by the first rows and to the right by the second, given the shape of the result. */
function mixBoth(
  graph: GraphBuilder,
  [down, right]: readonly [Rows, Rows],
  x: Value,
  shape: readonly number[],
): Value {
  const size = sizeOf(x.shape) / (down[0].length * right[0].length);
  const lines = mix(graph, down, x, [down.length, right[0].length, size]);
  const matrix = graph.constant(Float32Array.from(right.flat()), 'float32', [
    right.length,
    right[0].length,
  ]);
  const both = graph.node('MatMul', [matrix, lines], { shape: [down.length, right.length, size] });
  return graph.reshape(both, shape);
}

/** Rows as columns. */
function turn(rows: Rows): Rows {
  return rows[0].map((_, column) => rows.map((row) => row[column]));
}
