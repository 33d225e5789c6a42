import tf from '#tensorflow';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { EngineError } from '../types.ts';
import type { TensorInfo, TraceOptions } from './backend.ts';
import {
  chooseFast,
  fastConvolution,
  fastFilterGradient,
  fastInputGradient,
} from './fast-convolution.ts';
import { lower } from './lowering.ts';
import type { MinimalFiltering } from './minimal-filtering.ts';

/**
 * A convolution over time: x [B, T, Ci], filter [kernel, Ci, Co] → [B, outTime, Co].
 * TensorFlow.js's conv1d arrives as a 2-D convolution of height one.
 *
 * It is computed with time first, [T, B, C], where what is padded, mixed or summed over time are
 * long rows. The transposes to and fro vanish where the network keeps time first as well.
 */
interface TimeConvolution {
  readonly batch: number;
  readonly time: number;
  readonly outTime: number;
  readonly kernel: number;
  readonly stride: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Zeros before the first time step. */
  readonly padBefore: number;
}

interface ConvolutionAttributes {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number;
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function describe(
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dataFormat, dimRoundingMode }: ConvolutionAttributes,
): TimeConvolution {
  if (inputShape[1] !== 1 || filterShape[0] !== 1 || dataFormat !== 'NHWC') {
    throw new EngineError(
      'convolution: only tf.conv1d has a lowering (channels last), got input ' +
        `[${inputShape}] and filter [${filterShape}]`,
    );
  }
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    batch: info.batchSize,
    time: info.inWidth,
    outTime: info.outWidth,
    kernel: info.filterWidth,
    stride: info.strideWidth,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    padBefore: info.padInfo.left,
  };
}

/** Which time steps each output of a sliding window reads. */
interface Window {
  readonly kernel: number;
  readonly stride: number;
  readonly outTime: number;
  /** Zeros before the first time step; as many as needed are added after the last. */
  readonly padBefore: number;
  /** Lists what a window reads from its last time step to its first. */
  readonly backwards?: boolean;
}

/** The numbers each output of a sliding window reads, as rows: x [T, B, C] → [outTime·B, kernel·C]. */
function columns(
  graph: GraphBuilder,
  x: Value,
  { kernel, stride, outTime, padBefore, backwards = false }: Window,
): Value {
  const [time, batch, channels] = x.shape;
  const rows = [outTime * batch, kernel * channels];
  if (kernel === 1 && stride === 1 && outTime === time) return graph.reshape(x, rows);
  const padAfter = Math.max(0, (outTime - 1) * stride + kernel - time - padBefore);
  let padded = x;
  if (padBefore > 0 || padAfter > 0) {
    const shape = [padBefore + time + padAfter, batch, channels];
    const pads = graph.int64([padBefore, 0, 0, padAfter, 0, 0]);
    padded = graph.node('Pad', [x, pads, graph.scalar(0)], { shape });
  }
  const indices: number[] = [];
  for (let t = 0; t < outTime; t++) {
    for (let row = 0; row < batch; row++) {
      for (let k = 0; k < kernel; k++) {
        indices.push((t * stride + (backwards ? kernel - 1 - k : k)) * batch + row);
      }
    }
  }
  // A batch of one is rows already: a node less where nodes are what time goes to.
  const flat = batch === 1 ? padded : graph.reshape(padded, [padded.shape[0] * batch, channels]);
  const where = graph.constant(Int32Array.from(indices), 'int32', [indices.length]);
  const shape = [indices.length, ...flat.shape.slice(1)];
  return graph.reshape(graph.node('Gather', [flat, where], { shape }, { axis: 0 }), rows);
}

/** A tensor of TensorFlow.js's convolutions with time first: [B, 1, T, C] → [T, B, C]. */
function timeFirst(graph: GraphBuilder, x: Value): Value {
  const [batch, , time, channels] = x.shape;
  return graph.transpose(graph.reshape(x, [batch, time, channels]), [1, 0, 2]);
}

/** And back: [T, B, C] → [B, 1, T, C]. */
function batchFirst(graph: GraphBuilder, x: Value): Value {
  const [time, batch, channels] = x.shape;
  return graph.reshape(graph.transpose(x, [1, 0, 2]), [batch, 1, time, channels]);
}

/** The algorithm with fewer products, where the shapes are such that it is faster. */
function fastOf(
  c: TimeConvolution,
  { fastConvolutions = true }: TraceOptions,
): MinimalFiltering | null {
  return fastConvolutions && c.stride === 1 && c.outTime === c.time ? chooseFast(c) : null;
}

// y = columns(x) · filter
lower<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
  'Conv2D',
  ({ x, filter }, attributes, { graph, value, options }) => {
    const c = describe(x.shape, filter.shape, attributes);
    const { batch, outTime, kernel, inChannels, outChannels } = c;
    const input = timeFirst(graph, value(x));
    const fast = fastOf(c, options);
    if (fast) {
      const taps = graph.reshape(value(filter), [kernel, inChannels, outChannels]);
      return batchFirst(graph, fastConvolution(graph, fast, input, taps));
    }
    const weights = graph.reshape(value(filter), [kernel * inChannels, outChannels]);
    const product = graph.node('Gemm', [columns(graph, input, c), weights], {
      shape: [outTime * batch, outChannels],
    });
    return batchFirst(graph, graph.reshape(product, [outTime, batch, outChannels]));
  },
);

/**
 * The errors each input had a part in, as rows: ∂y [outTime, B, Co] → [T·B, kernel·Co]. Both
 * gradients read them, so that the columns of the forward pass need not be kept until then.
 */
function errorColumns(graph: GraphBuilder, dy: Value, c: TimeConvolution): Value {
  const { batch, time, outTime, kernel, stride, outChannels, padBefore } = c;
  let error = dy;
  if (stride > 1) {
    const apart = graph.reshape(dy, [outTime, 1, batch, outChannels]);
    const pads = graph.int64([0, 0, 0, 0, 0, stride - 1, 0, 0]);
    const shape = [outTime, stride, batch, outChannels];
    const spread = graph.node('Pad', [apart, pads, graph.scalar(0)], { shape });
    error = graph.reshape(spread, [outTime * stride, batch, outChannels]);
  }
  return columns(graph, error, {
    kernel,
    stride: 1,
    outTime: time,
    padBefore: kernel - 1 - padBefore,
    backwards: true,
  });
}

// ∂filter = xᵀ · columns(∂y)
lower<{ x: TensorInfo; dy: TensorInfo }, ConvolutionAttributes & { filterShape: number[] }>(
  'Conv2DBackpropFilter',
  ({ x, dy }, attributes, { graph, value, options }) => {
    const c = describe(x.shape, attributes.filterShape, attributes);
    const { batch, time, kernel, inChannels, outChannels } = c;
    const input = timeFirst(graph, value(x));
    const error = timeFirst(graph, value(dy));
    const fast = fastOf(c, options);
    if (fast) {
      const taps = fastFilterGradient(graph, fast, input, error);
      return graph.reshape(taps, attributes.filterShape);
    }
    const product = graph.node(
      'Gemm',
      [graph.reshape(input, [time * batch, inChannels]), errorColumns(graph, error, c)],
      { shape: [inChannels, kernel * outChannels] },
      { transA: 1 },
    );
    const taps = graph.reshape(product, [inChannels, kernel, outChannels]);
    return graph.reshape(graph.transpose(taps, [1, 0, 2]), attributes.filterShape);
  },
);

// ∂x = columns(∂y) · filterᵀ, tap by tap
lower<{ dy: TensorInfo; filter: TensorInfo }, ConvolutionAttributes & { inputShape: number[] }>(
  'Conv2DBackpropInput',
  ({ dy, filter }, attributes, { graph, value, options }) => {
    const c = describe(attributes.inputShape, filter.shape, attributes);
    const { batch, time, kernel, inChannels, outChannels } = c;
    const taps = graph.reshape(value(filter), [kernel, inChannels, outChannels]);
    const error = timeFirst(graph, value(dy));
    const fast = fastOf(c, options);
    if (fast) return batchFirst(graph, fastInputGradient(graph, fast, error, taps));
    const weights = graph.reshape(graph.transpose(taps, [0, 2, 1]), [
      kernel * outChannels,
      inChannels,
    ]);
    const product = graph.node('Gemm', [errorColumns(graph, error, c), weights], {
      shape: [time * batch, inChannels],
    });
    return batchFirst(graph, graph.reshape(product, [time, batch, inChannels]));
  },
);
