import tf from '@tensorflow/tfjs';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { EngineError } from '../types.ts';
import type { TensorInfo, TraceOptions } from './backend.ts';
import { lower } from './lowering.ts';
import {
  chooseShort,
  shortConvolution,
  shortFilterGradient,
  shortInputGradient,
} from './short-convolution.ts';
import type { BilinearAlgorithm } from './toeplitz.ts';

/**
 * A convolution over time: x [B, T, Ci], filter [kernel, Ci, Co] → [B, outTime, Co].
 * TensorFlow.js's conv1d arrives as a 2-D convolution of height one.
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

/** The numbers each output of a sliding window reads, as rows: x [B, T, C] → [B·outTime, kernel·C]. */
function columns(
  graph: GraphBuilder,
  x: Value,
  { kernel, stride, outTime, padBefore, backwards = false }: Window,
): Value {
  const [batch, time, channels] = x.shape;
  const rows = [batch * outTime, kernel * channels];
  if (kernel === 1 && stride === 1 && outTime === time) return graph.reshape(x, rows);
  const padAfter = Math.max(0, (outTime - 1) * stride + kernel - time - padBefore);
  let padded = x;
  if (padBefore > 0 || padAfter > 0) {
    const shape = [batch, padBefore + time + padAfter, channels];
    const pads = graph.int64([0, padBefore, 0, 0, padAfter, 0]);
    padded = graph.node('Pad', [x, pads, graph.scalar(0)], { shape });
  }
  const indices: number[] = [];
  for (let t = 0; t < outTime; t++) {
    for (let k = 0; k < kernel; k++) {
      indices.push(t * stride + (backwards ? kernel - 1 - k : k));
    }
  }
  const shape = [batch, indices.length, channels];
  const gathered = graph.node('Gather', [padded, graph.int64(indices)], { shape }, { axis: 1 });
  return graph.reshape(gathered, rows);
}

/** The algorithm with fewer products, where the shapes are such that it is faster. */
function shortOf(
  c: TimeConvolution,
  { shortConvolutions = true }: TraceOptions,
): BilinearAlgorithm | null {
  return shortConvolutions && c.stride === 1 && c.outTime === c.time ? chooseShort(c) : null;
}

// y = columns(x) · filter
lower<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
  'Conv2D',
  ({ x, filter }, attributes, { graph, value, options }) => {
    const c = describe(x.shape, filter.shape, attributes);
    const input = graph.reshape(value(x), [c.batch, c.time, c.inChannels]);
    const short = shortOf(c, options);
    if (short) {
      const taps = graph.reshape(value(filter), [c.kernel, c.inChannels, c.outChannels]);
      const y = shortConvolution(graph, short, input, taps);
      return graph.reshape(y, [c.batch, 1, c.time, c.outChannels]);
    }
    const weights = graph.reshape(value(filter), [c.kernel * c.inChannels, c.outChannels]);
    const product = graph.node('Gemm', [columns(graph, input, c), weights], {
      shape: [c.batch * c.outTime, c.outChannels],
    });
    return graph.reshape(product, [c.batch, 1, c.outTime, c.outChannels]);
  },
);

/**
 * The errors each input had a part in, as rows: ∂y [B, outTime, Co] → [B·T, kernel·Co]. Both
 * gradients read them, so that the columns of the forward pass need not be kept until then.
 */
function errorColumns(graph: GraphBuilder, dy: Value, c: TimeConvolution): Value {
  const { batch, time, outTime, kernel, stride, outChannels, padBefore } = c;
  let error = graph.reshape(dy, [batch, outTime, outChannels]);
  if (stride > 1) {
    const apart = graph.reshape(error, [batch, outTime, 1, outChannels]);
    const pads = graph.int64([0, 0, 0, 0, 0, 0, stride - 1, 0]);
    const shape = [batch, outTime, stride, outChannels];
    const spread = graph.node('Pad', [apart, pads, graph.scalar(0)], { shape });
    error = graph.reshape(spread, [batch, outTime * stride, outChannels]);
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
    const { kernel, inChannels, outChannels } = c;
    const short = shortOf(c, options);
    if (short) {
      const x3 = graph.reshape(value(x), [c.batch, c.time, inChannels]);
      const error = graph.reshape(value(dy), [c.batch, c.time, outChannels]);
      const taps = shortFilterGradient(graph, short, x3, error);
      return graph.reshape(taps, attributes.filterShape);
    }
    const input = graph.reshape(value(x), [c.batch * c.time, inChannels]);
    const product = graph.node(
      'Gemm',
      [input, errorColumns(graph, value(dy), c)],
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
    const { kernel, inChannels, outChannels } = c;
    const taps = graph.reshape(value(filter), [kernel, inChannels, outChannels]);
    const short = shortOf(c, options);
    if (short) {
      const error = graph.reshape(value(dy), [c.batch, c.time, outChannels]);
      const dx = shortInputGradient(graph, short, error, taps);
      return graph.reshape(dx, attributes.inputShape);
    }
    const weights = graph.reshape(graph.transpose(taps, [0, 2, 1]), [
      kernel * outChannels,
      inChannels,
    ]);
    const product = graph.node('Gemm', [errorColumns(graph, value(dy), c), weights], {
      shape: [c.batch * c.time, inChannels],
    });
    return graph.reshape(product, attributes.inputShape);
  },
);
