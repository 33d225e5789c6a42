import tf from '#tensorflow';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { EngineError, sizeOf } from '../types.ts';
import type { TensorInfo } from './backend.ts';
import { type Axis, type Convolution, columns, productOf, type Window } from './columns.ts';
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
import { isStridedPlane, phasedInputGradient, phasesOf } from './strided-plane.ts';

export interface ConvolutionAttributes {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number;
  dataFormat: 'NHWC' | 'NCHW';
  dilations?: number | [number, number];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];

export function describe(
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
    if (isStridedPlane(c)) {
      // Errors spread apart are mostly zeros: the columns of the forward pass are fewer.
      const outputs = sizeOf(outExtentsOf(c)) * batch;
      const product = graph.node(
        'Gemm',
        [columns(graph, input, c.axes), graph.reshape(error, [outputs, outChannels])],
        { shape: [tapsOf(c) * inChannels, outChannels] },
        { transA: 1 },
      );
      return graph.reshape(product, attributes.filterShape);
    }
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
    const phases = isStridedPlane(c) ? c.axes.map(phasesOf) : [];
    if (phases.length > 0 && phases.every((each) => each !== null)) {
      return batchFirst(graph, phasedInputGradient(graph, c, phases, { error, taps }), c);
    }
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
