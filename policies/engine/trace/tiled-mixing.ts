import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';
import type { MinimalFiltering, Rows } from './minimal-filtering.ts';

/**
 * Time steps mixed tile by tile. A product with the matrix that mixes all of them multiplies by zero wherever
 * a step and a tile have nothing to do with one another: at 32 steps three quarters of what reads, seven
 * eighths of what writes. Each sum here has the terms of such a product that are not zero, in the same
 * order, and so the same bits.
 */

/** With fewer tiles a window takes longer than the zeros it leaves out. */
const MIN_TILES = 4;

/** x [T, B, C] → [points, tiles · B, C] */
export function mixInputs(graph: GraphBuilder, filtering: MinimalFiltering, x: Value): Value {
  const { points, tiles, padBefore, tileInput, tileOutput } = filtering;
  const [time, batch, channels] = x.shape;
  const shape = [points, tiles * batch, channels];
  if (tiles < MIN_TILES) return mix(graph, filtering.input, x, shape);
  // A convolution over time of one channel into one a point, whose stride is a tile.
  const stride = tileOutput.length;
  const size = batch * channels;
  const windows = graph.node(
    'Conv',
    [graph.reshape(x, [1, 1, time, size]), matrix(graph, tileInput, [points, 1, points, 1])],
    { shape: [1, points, tiles, size] },
    {
      kernel_shape: [points, 1],
      pads: [padBefore, 0, (tiles - 1) * stride + points - time - padBefore, 0],
      strides: [stride, 1],
    },
  );
  return graph.reshape(windows, shape);
}

/** Products [points, tiles · B, C] → y [T, B, C], given its shape. */
export function mixOutputs(
  graph: GraphBuilder,
  filtering: MinimalFiltering,
  products: Value,
  shape: readonly number[],
): Value {
  const { points, tiles, tileOutput } = filtering;
  if (!isWhole(filtering, shape)) return mix(graph, filtering.output, products, shape);
  const each = tileOutput.length;
  const size = sizeOf(products.shape) / points;
  const places = graph.node(
    'Gemm',
    [matrix(graph, tileOutput), graph.reshape(products, [points, size])],
    { shape: [each, size] },
  );
  const apart = graph.reshape(places, [each, tiles, size / tiles]);
  return graph.reshape(graph.transpose(apart, [1, 0, 2]), shape);
}

/** The transpose of that: ∂y [T, B, C] → [points, tiles · B, C] */
export function mixErrors(graph: GraphBuilder, filtering: MinimalFiltering, dy: Value): Value {
  const { points, tiles, tileOutput } = filtering;
  const [, batch, channels] = dy.shape;
  const shape = [points, tiles * batch, channels];
  if (!isWhole(filtering, dy.shape)) return unmix(graph, filtering.output, dy, shape);
  const each = tileOutput.length;
  const apart = graph.reshape(dy, [tiles, each, batch * channels]);
  const size = sizeOf(dy.shape) / each;
  const places = graph.reshape(graph.transpose(apart, [1, 0, 2]), [each, size]);
  const mixed = graph.node(
    'Gemm',
    [matrix(graph, tileOutput), places],
    { shape: [points, size] },
    { transA: 1 },
  );
  return graph.reshape(mixed, shape);
}

/** Whether tiles end where the last time step does, and are several. */
function isWhole({ tiles, tileOutput }: MinimalFiltering, [time]: readonly number[]): boolean {
  return tiles > 1 && tiles * tileOutput.length === time;
}

/** Rows [to][from] of x, whose numbers are rows of [from], given the shape of [to, …]. */
export function mix(graph: GraphBuilder, rows: Rows, x: Value, shape: readonly number[]): Value {
  return mixBy(graph, rows, x, shape, 0);
}

/** The transpose: rows [from][to]. */
export function unmix(graph: GraphBuilder, rows: Rows, x: Value, shape: readonly number[]): Value {
  return mixBy(graph, rows, x, shape, 1);
}

function mixBy(
  graph: GraphBuilder,
  rows: Rows,
  x: Value,
  shape: readonly number[],
  transA: 0 | 1,
): Value {
  const [height, width] = [rows.length, rows[0].length];
  const [from, to] = transA ? [height, width] : [width, height];
  const size = sizeOf(x.shape) / from;
  const flat = graph.reshape(x, [from, size]);
  const mixed = graph.node('Gemm', [matrix(graph, rows), flat], { shape: [to, size] }, { transA });
  return graph.reshape(mixed, shape);
}

function matrix(
  graph: GraphBuilder,
  rows: Rows,
  shape: readonly number[] = [rows.length, rows[0].length],
): Value {
  return graph.constant(Float32Array.from(rows.flat()), 'float32', shape);
}
