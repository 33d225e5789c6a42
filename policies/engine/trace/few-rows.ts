import type { Value } from '../graph/graph.ts';
import type { TensorInfo } from './backend.ts';
import { type ConvolutionAttributes, describe } from './convolution.ts';
import { type LoweringContext, lowerForFew, lowerWhole } from './lowering.ts';
import { valueIn } from './order.ts';

/**
 * What programs of few rows are written with: operators that read [B, C, places], as ONNX has them, and each
 * does what takes several otherwise. Over [32, 16] a convolution takes 2.4 µs, as columns and a product
 * 4.2; a normalisation 1.9, by sums and coefficients 9.
 */

/** From [B, H, W, C] to how ONNX lays pictures. */
const CHANNELS_FIRST = [0, 3, 1, 2] as const;

lowerForFew<{ x: TensorInfo; filter: TensorInfo }, ConvolutionAttributes>(
  'Conv2D',
  ({ x, filter }, attributes, context) => {
    const { axes, batch, outChannels } = describe(x.shape, filter.shape, attributes);
    // Over time it is one of height one.
    const [right, down] = [axes[axes.length - 1], axes.length === 2 ? axes[0] : null];
    const window = [down ?? ONE_PLACE, right];
    const taps = window.map(({ kernel }) => kernel);
    const before = window.map(({ padBefore }) => padBefore);
    const after = window.map(({ outExtent, stride, kernel, extent, padBefore }) =>
      Math.max(0, (outExtent - 1) * stride + kernel - extent - padBefore),
    );
    const { graph } = context;
    const value = graph.node(
      'Conv',
      [valueIn(context, x, CHANNELS_FIRST), graph.transpose(context.value(filter), [3, 2, 0, 1])],
      { shape: [batch, outChannels, ...window.map(({ outExtent }) => outExtent)] },
      {
        kernel_shape: taps,
        pads: [...before, ...after],
        strides: window.map(({ stride }) => stride),
      },
    );
    return { value, order: CHANNELS_FIRST };
  },
);

const ONE_PLACE = { extent: 1, outExtent: 1, kernel: 1, stride: 1, padBefore: 0 };

/** From [N, B, C] to [B, C, N]. */
const PLACES_LAST = [1, 2, 0] as const;

// x [N, B, C], scale and shift [C]: mean 0 and spread 1 over the places and channels of a group
lowerWhole<
  { x: TensorInfo; scale: TensorInfo; shift: TensorInfo },
  { groups: number; epsilon: number }
>('GroupNorm', ({ x, scale, shift }, { groups, epsilon }, context) => {
  const { graph, value } = context;
  const [places, batch, channels] = x.shape;
  const whole = [batch, groups, (channels / groups) * places];
  const grouped = graph.reshape(valueIn(context, x, PLACES_LAST), whole);
  const even = graph.node(
    'InstanceNormalization',
    [grouped, vector(context, groups, 1), vector(context, groups, 0)],
    { shape: whole },
    { epsilon },
  );
  const rows = graph.reshape(even, [batch, channels, places]);
  return { value: affine(context, rows, value(scale), value(shift)), order: PLACES_LAST };
});

// x [N, B, C], scale and shift [B, C]: x·scale + shift
lowerWhole<{ x: TensorInfo; scale: TensorInfo; shift: TensorInfo }, object>(
  'ScaleShift',
  ({ x, scale, shift }, _, context) => {
    const { graph, value } = context;
    const [places, batch, channels] = x.shape;
    const all = [batch * channels];
    const rows = graph.reshape(valueIn(context, x, PLACES_LAST), [1, ...all, places]);
    const [by, to] = [scale, shift].map((each) => graph.reshape(value(each), all));
    const moved = affine(context, rows, by, to);
    return { value: graph.reshape(moved, [batch, channels, places]), order: PLACES_LAST };
  },
);

/** x [.., C, N] · scale [C] + shift [C] in one operator: a batch normalisation by mean 0 and variance 1. */
function affine(context: LoweringContext, x: Value, scale: Value, shift: Value): Value {
  const channels = x.shape[1];
  return context.graph.node(
    'BatchNormalization',
    [x, scale, shift, vector(context, channels, 0), vector(context, channels, 1)],
    x,
    { epsilon: 0 },
  );
}

function vector({ graph }: LoweringContext, size: number, each: number): Value {
  return graph.constant(new Float32Array(size).fill(each), 'float32', [size]);
}
