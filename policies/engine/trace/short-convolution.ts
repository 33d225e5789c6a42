import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { type BilinearAlgorithm, toeplitzAlgorithm } from './toeplitz.ts';

/**
 * Convolutions over few time steps with fewer products than columns take: 9 instead of 20 at T = 4,
 * kernel 5. Time steps are mixed by one matrix product over all rows and channels, the products
 * are one batched matrix product, and a last one mixes back. The gradients are the transposes of
 * the same three, and share the mixed filter, inputs and errors.
 */

/**
 * Below these, mixing costs more than the products it saves. Kernel 5, batch 256, one core: 0.45 of
 * the time of columns at T = 4 and 256 channels, 0.7 at T = 8 and 128 channels, 1.0 at 64 channels.
 */
const MIN_BATCH = 16;
const MIN_CHANNELS = 96;
const MAX_TIME = 8;
/** Part of the plain products that may be left. */
const MAX_PRODUCTS = 0.7;

export interface ShortShape {
  readonly batch: number;
  /** T, of input and output. */
  readonly time: number;
  readonly kernel: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly padBefore: number;
}

/** The algorithm for a convolution that keeps its length, where it is faster than columns. */
export function chooseShort(shape: ShortShape): BilinearAlgorithm | null {
  const { batch, time, kernel, inChannels, outChannels, padBefore } = shape;
  const isPowerOfTwo = (time & (time - 1)) === 0;
  if (!isPowerOfTwo || time > MAX_TIME || batch < MIN_BATCH) return null;
  if (Math.min(inChannels, outChannels) < MIN_CHANNELS) return null;
  const algorithm = toeplitzAlgorithm(time, kernel, padBefore);
  return algorithm.products <= MAX_PRODUCTS * time * kernel ? algorithm : null;
}

/** x [B, T, Ci], taps [kernel, Ci, Co] → [B, T, Co] */
export function shortConvolution(
  graph: GraphBuilder,
  algorithm: BilinearAlgorithm,
  x: Value,
  taps: Value,
): Value {
  const [batch] = x.shape;
  const outChannels = taps.shape[2];
  const products = graph.node(
    'MatMul',
    [mix(graph, algorithm.input, timeFirst(graph, x)), mix(graph, algorithm.filter, taps)],
    { shape: [algorithm.products, batch, outChannels] },
  );
  return timeFirst(graph, mix(graph, algorithm.output, products));
}

/** ∂taps [kernel, Ci, Co] from x [B, T, Ci] and ∂y [B, T, Co] */
export function shortFilterGradient(
  graph: GraphBuilder,
  algorithm: BilinearAlgorithm,
  x: Value,
  dy: Value,
): Value {
  const inputs = mix(graph, algorithm.input, timeFirst(graph, x));
  const errors = unmix(graph, algorithm.output, timeFirst(graph, dy));
  const products = graph.node(
    'FusedMatMul',
    [inputs, errors],
    { shape: [algorithm.products, x.shape[2], dy.shape[2]] },
    { transA: 1 },
  );
  return unmix(graph, algorithm.filter, products);
}

/** ∂x [B, T, Ci] from ∂y [B, T, Co] and taps [kernel, Ci, Co] */
export function shortInputGradient(
  graph: GraphBuilder,
  algorithm: BilinearAlgorithm,
  dy: Value,
  taps: Value,
): Value {
  const errors = unmix(graph, algorithm.output, timeFirst(graph, dy));
  const products = graph.node(
    'FusedMatMul',
    [errors, mix(graph, algorithm.filter, taps)],
    { shape: [algorithm.products, dy.shape[0], taps.shape[1]] },
    { transB: 1 },
  );
  return timeFirst(graph, unmix(graph, algorithm.input, products));
}

type Rows = readonly (readonly number[])[];

/** rows [to][from], x [from, N, C] → [to, N, C] */
function mix(graph: GraphBuilder, rows: Rows, x: Value): Value {
  return mixBy(graph, rows, x, { from: rows[0].length, to: rows.length, transA: 0 });
}

/** The transpose: rows [from][to], x [from, N, C] → [to, N, C] */
function unmix(graph: GraphBuilder, rows: Rows, x: Value): Value {
  return mixBy(graph, rows, x, { from: rows.length, to: rows[0].length, transA: 1 });
}

function mixBy(
  graph: GraphBuilder,
  rows: Rows,
  x: Value,
  { from, to, transA }: { from: number; to: number; transA: 0 | 1 },
): Value {
  const [, ...rest] = x.shape;
  const size = rest[0] * rest[1];
  const factors = Float32Array.from(rows.flat());
  const matrix = graph.constant(factors, 'float32', [rows.length, rows[0].length]);
  const flat = graph.reshape(x, [from, size]);
  const mixed = graph.node('Gemm', [matrix, flat], { shape: [to, size] }, { transA });
  return graph.reshape(mixed, [to, ...rest]);
}

/** [B, T, C] ↔ [T, B, C] */
function timeFirst(graph: GraphBuilder, x: Value): Value {
  return graph.transpose(x, [1, 0, 2]);
}
