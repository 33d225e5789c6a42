import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { type MinimalFiltering, minimalFiltering } from './minimal-filtering.ts';
import { mix, mixErrors, mixInputs, mixOutputs, unmix } from './tiled-mixing.ts';

/**
 * Convolutions with fewer products than columns take: 8 instead of 20 for four time steps, kernel 5.
 * Time steps are mixed over all rows and channels at once (`tiled-mixing.ts`), the products are one batched
 * matrix product, and what comes out is mixed back. The gradients are the transposes of the same
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
  filtering: MinimalFiltering,
  x: Value,
  taps: Value,
): Value {
  const { points, tiles, filter } = filtering;
  const [time, batch, inChannels] = x.shape;
  const outChannels = taps.shape[2];
  const inputs = mixInputs(graph, filtering, x);
  const filters = mix(graph, filter, taps, [points, inChannels, outChannels]);
  const shape = [points, tiles * batch, outChannels];
  const products = graph.node('MatMul', [inputs, filters], { shape });
  return mixOutputs(graph, filtering, products, [time, batch, outChannels]);
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
  filtering: MinimalFiltering,
  x: Value,
  dy: Value,
): Value {
  const { points, filter } = filtering;
  const inChannels = x.shape[2];
  const outChannels = dy.shape[2];
  const inputs = mixInputs(graph, filtering, x);
  const errors = mixErrors(graph, filtering, dy);
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
  filtering: MinimalFiltering,
  dy: Value,
  taps: Value,
): Value {
  const { points, tiles, input, filter } = filtering;
  const [time, batch, outChannels] = dy.shape;
  const inChannels = taps.shape[1];
  const errors = mixErrors(graph, filtering, dy);
  const filters = mix(graph, filter, taps, [points, inChannels, outChannels]);
  const shape = [points, tiles * batch, inChannels];
  const products = graph.node('FusedMatMul', [errors, filters], { shape }, { transB: 1 });
  return unmix(graph, input, products, [time, batch, inChannels]);
}
