import tf from '#tensorflow';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { EngineError, sizeOf } from '../types.ts';
import type { TensorInfo } from './backend.ts';
import {
  chooseFast,
  fastConvolution,
  fastFilterGradient,
  fastInputGradient,
} from './fast-convolution.ts';
import {
  fastPlaneConvolution,
  fastPlaneFilterGradient,
  fastPlaneInputGradient,
} from './fast-plane.ts';
import { type LoweringContext, lower } from './lowering.ts';

/**
 * A convolution over places: of a chunk, its time steps, [B, T, Ci] with a filter [kernel, Ci, Co];
 * of a picture, its rows and columns. TensorFlow.js's conv1d arrives as a 2-D convolution of height
 * one, and is taken for what it is.
 *
 * It is computed with places first, [T, B, C] or [H, W, B, C], where what is padded, mixed or summed
 * over places are long rows. The transposes to and fro vanish where the network keeps places first as
 * well.
 */
interface Convolution {
  readonly batch: number;
  /** One of time, or two of a picture: down and to the right. */
  readonly axes: readonly Axis[];
  readonly inChannels: number;
  readonly outChannels: number;
}

interface Axis {
  readonly extent: number;
  readonly outExtent: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros before the first place. */
  readonly padBefore: number;
}

interface ConvolutionAttributes {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: number | [number, number];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

function describe(
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dataFormat, dilations = 1, dimRoundingMode }: ConvolutionAttributes,
): Convolution {
  if (dataFormat !== 'NHWC' || [dilations].flat().some((dilation) => dilation !== 1)) {
    throw new EngineError(
      'convolution: only one with channels last and without dilation has a lowering, got ' +
        `${dataFormat} with dilations ${dilations}`,
    );
  }
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const down: Axis = {
    extent: info.inHeight,
    outExtent: info.outHeight,
    kernel: info.filterHeight,
    stride: info.strideHeight,
    padBefore: info.padInfo.top,
  };
  const right: Axis = {
    extent: info.inWidth,
    outExtent: info.outWidth,
    kernel: info.filterWidth,
    stride: info.strideWidth,
    padBefore: info.padInfo.left,
  };
  const isOverTime = down.extent === 1 && down.kernel === 1;
  return {
    batch: info.batchSize,
    axes: isOverTime ? [right] : [down, right],
    inChannels: info.inChannels,
    outChannels: info.outChannels,
  };
}

/** Which places along an axis each output of a sliding window reads. */
interface Window extends Omit<Axis, 'extent'> {
  /** Lists what a window reads from its last place to its first. */
  readonly backwards?: boolean;
}

/** Place in the padded input that an output reads with its window's k-th tap. */
function placeOf({ kernel, stride, backwards = false }: Window, output: number, k: number): number {
  return output * stride + (backwards ? kernel - 1 - k : k);
}

/** Number of a place among all of a grid, row by row, for each place of a smaller grid. */
function numbersOf(extents: readonly number[], grid: readonly (readonly number[])[]): number[] {
  return grid.reduce<number[]>(
    (numbers, along, axis) =>
      numbers.flatMap((number) => along.map((place) => number * extents[axis] + place)),
    [0],
  );
}

/**
 * The numbers each output of a sliding window reads, as rows: x [.., B, C] with a window along each of
 * its places → [outputs·B, taps·C].
 */
function columns(graph: GraphBuilder, x: Value, windows: readonly Window[]): Value {
  const [batch, channels] = x.shape.slice(-2);
  const taps = productOf(windows, ({ kernel }) => kernel);
  const outputs = productOf(windows, ({ outExtent }) => outExtent);
  const rows = [outputs * batch, taps * channels];
  const isWhole = windows.every(
    ({ stride, outExtent }, axis) => stride === 1 && outExtent === x.shape[axis],
  );
  if (taps === 1 && isWhole) return graph.reshape(x, rows);
  const before = windows.map(({ padBefore }) => padBefore);
  const after = windows.map(({ outExtent, stride, kernel, padBefore }, axis) =>
    Math.max(0, (outExtent - 1) * stride + kernel - x.shape[axis] - padBefore),
  );
  const extents = windows.map((_, axis) => before[axis] + x.shape[axis] + after[axis]);
  let padded = x;
  if ([...before, ...after].some((zeros) => zeros > 0)) {
    const pads = graph.int64([...before, 0, 0, ...after, 0, 0]);
    const shape = [...extents, batch, channels];
    padded = graph.node('Pad', [x, pads, graph.scalar(0)], { shape });
  }
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const indices: number[] = [];
  // Of each output, then of each row of the batch, what its window reads.
  const starts = windows.map(({ outExtent }) => range(outExtent));
  for (const output of cartesian(starts)) {
    const grid = windows.map((window, axis) =>
      range(window.kernel).map((k) => placeOf(window, output[axis], k)),
    );
    const places = numbersOf(extents, grid);
    for (let row = 0; row < batch; row++) {
      for (const place of places) indices.push(place * batch + row);
    }
  }
  // A batch of one is rows already, over time: a node less where nodes are what time goes to.
  const isFlat = batch === 1 && windows.length === 1;
  const flat = isFlat ? padded : graph.reshape(padded, [sizeOf(extents) * batch, channels]);
  const where = graph.constant(Int32Array.from(indices), 'int32', [indices.length]);
  const shape = [indices.length, ...flat.shape.slice(1)];
  return graph.reshape(graph.node('Gather', [flat, where], { shape }, { axis: 0 }), rows);
}

function productOf<T>(items: readonly T[], factor: (item: T) => number): number {
  return items.reduce((product, item) => product * factor(item), 1);
}

/** Every choice of one number from each list, the last list's changing fastest. */
function cartesian(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>(
    (chosen, list) => chosen.flatMap((each) => list.map((number) => [...each, number])),
    [[]],
  );
}

/** A tensor of TensorFlow.js's convolutions with its places first: [B, H, W, C] → [T, B, C] or [H, W, B, C]. */
function placesFirst(graph: GraphBuilder, x: Value, { axes }: Convolution): Value {
  const [batch, , width, channels] = x.shape;
  if (axes.length === 2) return graph.transpose(x, [1, 2, 0, 3]);
  return graph.transpose(graph.reshape(x, [batch, width, channels]), [1, 0, 2]);
}

/** And back. */
function batchFirst(graph: GraphBuilder, x: Value, { axes }: Convolution): Value {
  if (axes.length === 2) return graph.transpose(x, [2, 0, 1, 3]);
  const [time, batch, channels] = x.shape;
  return graph.reshape(graph.transpose(x, [1, 0, 2]), [batch, 1, time, channels]);
}

/** Fewer products of the same convolution, x and errors with places first, taps as TensorFlow.js has them. */
interface Fast {
  forward(x: Value, taps: Value): Value;
  filterGradient(x: Value, dy: Value): Value;
  inputGradient(dy: Value, taps: Value): Value;
}

/** The algorithm with fewer products, where the shapes are such that it is faster. */
function fastOf(
  { batch, axes, inChannels, outChannels }: Convolution,
  { graph, options: { fastConvolutions = true } }: LoweringContext,
): Fast | null {
  if (!fastConvolutions) return null;
  const filterings = axes.map(({ extent: time, outExtent, kernel, stride, padBefore }) =>
    stride === 1 && outExtent === time
      ? chooseFast({ batch, time, kernel, inChannels, outChannels, padBefore })
      : null,
  );
  const [first, right] = filterings;
  if (!first || filterings.includes(null)) return null;
  if (right) {
    const plane = { down: first, right };
    return {
      forward: (x, taps) => fastPlaneConvolution(graph, plane, x, taps),
      filterGradient: (x, dy) => fastPlaneFilterGradient(graph, plane, x, dy),
      inputGradient: (dy, taps) => fastPlaneInputGradient(graph, plane, dy, taps),
    };
  }
  const overTime = (taps: Value) => graph.reshape(taps, taps.shape.slice(1));
  return {
    forward: (x, taps) => fastConvolution(graph, first, x, overTime(taps)),
    filterGradient: (x, dy) => fastFilterGradient(graph, first, x, dy),
    inputGradient: (dy, taps) => fastInputGradient(graph, first, dy, overTime(taps)),
  };
}

const extentsOf = ({ axes }: Convolution) => axes.map(({ extent }) => extent);
const outExtentsOf = ({ axes }: Convolution) => axes.map(({ outExtent }) => outExtent);
const tapsOf = ({ axes }: Convolution) => productOf(axes, ({ kernel }) => kernel);

// y = columns(x) · filter
lower<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
  'Conv2D',
  ({ x, filter }, attributes, context) => {
    const { graph, value } = context;
    const c = describe(x.shape, filter.shape, attributes);
    const { batch, axes, inChannels, outChannels } = c;
    const input = placesFirst(graph, value(x), c);
    const fast = fastOf(c, context);
    if (fast) return batchFirst(graph, fast.forward(input, value(filter)), c);
    const outExtents = outExtentsOf(c);
    const weights = graph.reshape(value(filter), [tapsOf(c) * inChannels, outChannels]);
    const product = graph.node('Gemm', [columns(graph, input, axes), weights], {
      shape: [sizeOf(outExtents) * batch, outChannels],
    });
    return batchFirst(graph, graph.reshape(product, [...outExtents, batch, outChannels]), c);
  },
);

/**
 * The errors each input had a part in, as rows: ∂y [.., B, Co] → [inputs·B, taps·Co]. Both gradients
 * read them, so that the columns of the forward pass need not be kept until then.
 */
function errorColumns(graph: GraphBuilder, dy: Value, { axes }: Convolution): Value {
  const error = axes.reduce((spread, { stride }, axis) => apart(graph, spread, axis, stride), dy);
  const windows = axes.map(
    ({ extent, kernel, padBefore }): Window => ({
      kernel,
      stride: 1,
      outExtent: extent,
      padBefore: kernel - 1 - padBefore,
      backwards: true,
    }),
  );
  return columns(graph, error, windows);
}

/** Zeros after each place along an axis, so that the places lie a stride apart. */
function apart(graph: GraphBuilder, x: Value, axis: number, stride: number): Value {
  if (stride === 1) return x;
  const inserted = x.shape.toSpliced(axis + 1, 0, 1);
  const pads = [...inserted, ...inserted].fill(0);
  pads[inserted.length + axis + 1] = stride - 1;
  const spread = graph.node(
    'Pad',
    [graph.reshape(x, inserted), graph.int64(pads), graph.scalar(0)],
    {
      shape: inserted.with(axis + 1, stride),
    },
  );
  return graph.reshape(spread, x.shape.with(axis, x.shape[axis] * stride));
}

// ∂filter = xᵀ · columns(∂y)
lower<{ x: TensorInfo; dy: TensorInfo }, ConvolutionAttributes & { filterShape: number[] }>(
  'Conv2DBackpropFilter',
  ({ x, dy }, attributes, context) => {
    const { graph, value } = context;
    const c = describe(x.shape, attributes.filterShape, attributes);
    const { batch, inChannels, outChannels } = c;
    const input = placesFirst(graph, value(x), c);
    const error = placesFirst(graph, value(dy), c);
    const fast = fastOf(c, context);
    if (fast) return graph.reshape(fast.filterGradient(input, error), attributes.filterShape);
    const rows = sizeOf(extentsOf(c)) * batch;
    const product = graph.node(
      'Gemm',
      [graph.reshape(input, [rows, inChannels]), errorColumns(graph, error, c)],
      { shape: [inChannels, tapsOf(c) * outChannels] },
      { transA: 1 },
    );
    const taps = graph.reshape(product, [inChannels, tapsOf(c), outChannels]);
    return graph.reshape(graph.transpose(taps, [1, 0, 2]), attributes.filterShape);
  },
);

// ∂x = columns(∂y) · filterᵀ, tap by tap
lower<{ dy: TensorInfo; filter: TensorInfo }, ConvolutionAttributes & { inputShape: number[] }>(
  'Conv2DBackpropInput',
  ({ dy, filter }, attributes, context) => {
    const { graph, value } = context;
    const c = describe(attributes.inputShape, filter.shape, attributes);
    const { batch, inChannels, outChannels } = c;
    const error = placesFirst(graph, value(dy), c);
    const fast = fastOf(c, context);
    if (fast) return batchFirst(graph, fast.inputGradient(error, value(filter)), c);
    const taps = graph.reshape(value(filter), [tapsOf(c), inChannels, outChannels]);
    const weights = graph.reshape(graph.transpose(taps, [0, 2, 1]), [
      tapsOf(c) * outChannels,
      inChannels,
    ]);
    const extents = extentsOf(c);
    const product = graph.node('Gemm', [errorColumns(graph, error, c), weights], {
      shape: [sizeOf(extents) * batch, inChannels],
    });
    return batchFirst(graph, graph.reshape(product, [...extents, batch, inChannels]), c);
  },
);
