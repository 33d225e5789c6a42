import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';
import { type MinimalFiltering, minimalFiltering, type Rows } from './minimal-filtering.ts';

/**
 * Convolutions with fewer products than columns take: 8 instead of 20 for four time steps, kernel 5.
 * Time steps are mixed by one matrix product over all rows and channels, the products are one
 * batched matrix product, and a last one mixes back. The gradients are the transposes of the same
 * three, and share the mixed filter, inputs and errors.
 */

/** Outputs of a tile, m: at kernel 5 the error is 7·10⁻⁷ of the result (RMS), of the plain sum 2·10⁻⁷. */
const TILE = 4;
/** Below these, mixing costs more than the products it saves. */
const MIN_BATCH = 16;
const MIN_CHANNELS = 32;
const MAX_TIME = 32;
/** With more taps the points lie too far apart: at kernel 7 the error is six times as large. */
const MAX_KERNEL = 5;

export interface ConvolutionShape {
  readonly batch: number;
  /** T, of input and output. */
  readonly time: number;
  readonly kernel: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly padBefore: number;
}

/** How a convolution that keeps its length is computed, where that is faster than columns. */
export function chooseFast(shape: ConvolutionShape): MinimalFiltering | null {
  const { batch, time, kernel, inChannels, outChannels, padBefore } = shape;
  if (kernel < 3 || kernel > MAX_KERNEL || time < TILE || time > MAX_TIME) return null;
  if (batch < MIN_BATCH || Math.min(inChannels, outChannels) < MIN_CHANNELS) return null;
  return minimalFiltering(time, kernel, padBefore, TILE);
}

/** x [T, B, Ci], taps [kernel, Ci, Co] → [T, B, Co] */
export function fastConvolution(
  graph: GraphBuilder,
  { points, tiles, input, filter, output }: MinimalFiltering,
  x: Value,
  taps: Value,
): Value {
  const [, batch, inChannels] = x.shape;
  const outChannels = taps.shape[2];
  const inputs = mix(graph, input, x, [points, tiles * batch, inChannels]);
  const filters = mix(graph, filter, taps, [points, inChannels, outChannels]);
  const shape = [points, tiles * batch, outChannels];
  const products = graph.node('MatMul', [inputs, filters], { shape });
  return mix(graph, output, products, [x.shape[0], batch, outChannels]);
}

/**
 * ∂taps [kernel, Ci, Co] from x [T, B, Ci] and ∂y [T, B, Co].
 *
 * A product that reads its first operand transposed reads it several times. The mixed errors have
 * just been made and are in the cache, where the mixed inputs of the forward pass are no longer: so
 * the errors come first and the taps are transposed. Only where channels are as many on both sides,
 * since the order in which a product is added up depends on the length of its rows.
 */
export function fastFilterGradient(
  graph: GraphBuilder,
  { points, tiles, input, filter, output }: MinimalFiltering,
  x: Value,
  dy: Value,
): Value {
  const [, batch, inChannels] = x.shape;
  const outChannels = dy.shape[2];
  const inputs = mix(graph, input, x, [points, tiles * batch, inChannels]);
  const errors = unmix(graph, output, dy, [points, tiles * batch, outChannels]);
  const errorsFirst = inChannels === outChannels;
  const [first, second] = errorsFirst ? [errors, inputs] : [inputs, errors];
  const shape = [first.shape[2], second.shape[2]];
  const products = graph.node(
    'FusedMatMul',
    [first, second],
    { shape: [points, ...shape] },
    { transA: 1 },
  );
  const taps = unmix(graph, filter, products, [filter[0].length, ...shape]);
  return errorsFirst ? graph.transpose(taps, [0, 2, 1]) : taps;
}

/** ∂x [T, B, Ci] from ∂y [T, B, Co] and taps [kernel, Ci, Co] */
export function fastInputGradient(
  graph: GraphBuilder,
  { points, tiles, input, filter, output }: MinimalFiltering,
  dy: Value,
  taps: Value,
): Value {
  const [time, batch, outChannels] = dy.shape;
  const inChannels = taps.shape[1];
  const errors = unmix(graph, output, dy, [points, tiles * batch, outChannels]);
  const filters = mix(graph, filter, taps, [points, inChannels, outChannels]);
  const shape = [points, tiles * batch, inChannels];
  const products = graph.node('FusedMatMul', [errors, filters], { shape }, { transB: 1 });
  return unmix(graph, input, products, [time, batch, inChannels]);
}

/** Rows [to][from] of x, whose numbers are rows of [from], given the shape of [to, …]. */
export function mix(graph: GraphBuilder, rows: Rows, x: Value, shape: readonly number[]): Value {
  return mixBy(graph, rows, x, shape, 0);
}

/** The transpose: rows [from][to]. */
function unmix(graph: GraphBuilder, rows: Rows, x: Value, shape: readonly number[]): Value {
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
  const matrix = graph.constant(Float32Array.from(rows.flat()), 'float32', [height, width]);
  const size = sizeOf(x.shape) / from;
  const flat = graph.reshape(x, [from, size]);
  const mixed = graph.node('Gemm', [matrix, flat], { shape: [to, size] }, { transA });
  return graph.reshape(mixed, shape);
}
