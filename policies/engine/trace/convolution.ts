import tf from '@tensorflow/tfjs';
import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { EngineError } from '../types.ts';
import type { TensorInfo } from './backend.ts';
import { lower } from './lowering.ts';

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

/**
 * The numbers each output of a sliding window reads, as rows: [B·outTime, kernel·C].
 *
 * @param x        [B, T, C]
 * @param padBefore zeros before the first step; as many as needed are added after the last
 */
function columns(
  graph: GraphBuilder,
  x: Value,
  {
    kernel,
    stride,
    outTime,
    padBefore,
  }: Omit<TimeConvolution, 'time' | 'batch' | 'inChannels' | 'outChannels'>,
): Value {
  const [batch, time, channels] = x.shape;
  const rows = [batch * outTime, kernel * channels];
  if (kernel === 1 && stride === 1) return graph.reshape(x, rows);
  const padAfter = Math.max(0, (outTime - 1) * stride + kernel - time - padBefore);
  let padded = x;
  if (padBefore > 0 || padAfter > 0) {
    const shape = [batch, padBefore + time + padAfter, channels];
    const pads = graph.int64([0, padBefore, 0, 0, padAfter, 0]);
    padded = graph.node('Pad', [x, pads, graph.scalar(0)], { shape });
  }
  const indices: number[] = [];
  for (let t = 0; t < outTime; t++) {
    for (let k = 0; k < kernel; k++) indices.push(t * stride + k);
  }
  const shape = [batch, indices.length, channels];
  const gathered = graph.node('Gather', [padded, graph.int64(indices)], { shape }, { axis: 1 });
  return graph.reshape(gathered, rows);
}

// y = columns(x) · filter
lower<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
  'Conv2D',
  ({ x, filter }, attributes, { graph, value }) => {
    const c = describe(x.shape, filter.shape, attributes);
    const input = graph.reshape(value(x), [c.batch, c.time, c.inChannels]);
    const weights = graph.reshape(value(filter), [c.kernel * c.inChannels, c.outChannels]);
    const product = graph.node('Gemm', [columns(graph, input, c), weights], {
      shape: [c.batch * c.outTime, c.outChannels],
    });
    return graph.reshape(product, [c.batch, 1, c.outTime, c.outChannels]);
  },
);

// ∂filter = columns(x)ᵀ · ∂y, over the same columns as the forward pass.
lower<{ x: TensorInfo; dy: TensorInfo }, ConvolutionAttributes & { filterShape: number[] }>(
  'Conv2DBackpropFilter',
  ({ x, dy }, attributes, { graph, value }) => {
    const c = describe(x.shape, attributes.filterShape, attributes);
    const input = graph.reshape(value(x), [c.batch, c.time, c.inChannels]);
    const error = graph.reshape(value(dy), [c.batch * c.outTime, c.outChannels]);
    const product = graph.node(
      'Gemm',
      [columns(graph, input, c), error],
      { shape: [c.kernel * c.inChannels, c.outChannels] },
      { transA: 1 },
    );
    return graph.reshape(product, attributes.filterShape);
  },
);

// ∂x is the convolution of ∂y, spread out by the stride, with the filter reversed in time.
lower<{ dy: TensorInfo; filter: TensorInfo }, ConvolutionAttributes & { inputShape: number[] }>(
  'Conv2DBackpropInput',
  ({ dy, filter }, attributes, { graph, value }) => {
    const c = describe(attributes.inputShape, filter.shape, attributes);
    const { batch, kernel, stride, inChannels, outChannels } = c;
    let error = graph.reshape(value(dy), [batch, c.outTime, outChannels]);
    if (stride > 1) {
      const apart = graph.reshape(error, [batch, c.outTime, 1, outChannels]);
      const pads = graph.int64([0, 0, 0, 0, 0, 0, stride - 1, 0]);
      const shape = [batch, c.outTime, stride, outChannels];
      const spread = graph.node('Pad', [apart, pads, graph.scalar(0)], { shape });
      error = graph.reshape(spread, [batch, c.outTime * stride, outChannels]);
    }
    const window = { kernel, stride: 1, outTime: c.time, padBefore: kernel - 1 - c.padBefore };
    const rows = columns(graph, error, window);

    let taps = graph.reshape(value(filter), [kernel, inChannels, outChannels]);
    if (kernel > 1) {
      const backwards = graph.int64(Array.from({ length: kernel }, (_, i) => kernel - 1 - i));
      taps = graph.node('Gather', [taps, backwards], { shape: taps.shape }, { axis: 0 });
    }
    const weights = graph.reshape(graph.transpose(taps, [0, 2, 1]), [
      kernel * outChannels,
      inChannels,
    ]);
    const product = graph.node('Gemm', [rows, weights], {
      shape: [batch * c.time, inChannels],
    });
    return graph.reshape(product, attributes.inputShape);
  },
);
