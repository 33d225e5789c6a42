import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import tf from '#tensorflow';
import type { Example, LoweringRow } from '../lowerings.ts';
import { extent, normal } from './arbitraries.ts';

/** A convolution along one axis. */
interface Along {
  readonly extent: number;
  readonly kernel: number;
  readonly stride: number;
}

interface Convolution {
  readonly batch: number;
  /** Of height one for one over time. */
  readonly down: Along;
  readonly right: Along;
  readonly pad: 'same' | 'valid';
  readonly from: number;
  readonly to: number;
}

const ALONG_NOTHING: Along = { extent: 1, kernel: 1, stride: 1 };

const along = (most: number, kernel: number): fc.Arbitrary<Along> =>
  fc.record({ extent: extent(most), kernel: extent(kernel), stride: extent(3) });

const plain = (down: fc.Arbitrary<Along>, right: fc.Arbitrary<Along>): fc.Arbitrary<Convolution> =>
  fc
    .record({
      batch: extent(3),
      down,
      right,
      pad: fc.constantFrom('same' as const, 'valid' as const),
      from: extent(4),
      to: extent(4),
    })
    .filter(
      ({ pad, down, right }) =>
        pad === 'same' || (down.kernel <= down.extent && right.kernel <= right.extent),
    );

const overTime = plain(fc.constant(ALONG_NOTHING), along(9, 5));
const overPicture = plain(along(6, 3), along(6, 3));

/** Shapes for which `trace/fast-convolution.ts` takes fewer products. */
const fast = (down: Along, right: Along): fc.Arbitrary<Convolution> =>
  fc.record({
    batch: fc.constant(16),
    down: fc.constant(down),
    right: fc.constant(right),
    pad: fc.constant('same'),
    from: fc.integer({ min: 32, max: 34 }),
    to: fc.integer({ min: 32, max: 34 }),
  });

/** Small enough that sums over wide inputs stay near one. */
const small = (random: Parameters<typeof normal>[0]) => 0.05 * normal(random);

type Shape4D = [number, number, number, number];
type Pair = [number, number];

function outExtent({ extent, kernel, stride }: Along, pad: Convolution['pad']): number {
  return Math.ceil((pad === 'same' ? extent : extent - kernel + 1) / stride);
}

const xShape = ({ batch, down, right, from }: Convolution): Shape4D => [
  batch,
  down.extent,
  right.extent,
  from,
];
const yShape = ({ batch, down, right, to, pad }: Convolution): Shape4D => [
  batch,
  outExtent(down, pad),
  outExtent(right, pad),
  to,
];
const filterShape = ({ down, right, from, to }: Convolution): Shape4D => [
  down.kernel,
  right.kernel,
  from,
  to,
];
const strides = ({ down, right }: Convolution): Pair => [down.stride, right.stride];

const forward = (c: Convolution): Example => ({
  inputs: {
    x: { shape: xShape(c), draw: normal },
    filter: { shape: filterShape(c), draw: small },
  },
  run: ({ x, filter }) => tf.conv2d(x as Tensor4D, filter as Tensor4D, strides(c), c.pad),
});

const backpropInput = (c: Convolution): Example => ({
  inputs: {
    dy: { shape: yShape(c), draw: normal },
    filter: { shape: filterShape(c), draw: small },
  },
  run: ({ dy, filter }) =>
    tf.conv2dTranspose(dy as Tensor4D, filter as Tensor4D, xShape(c), strides(c), c.pad),
});

const backpropFilter = (c: Convolution): Example => ({
  inputs: {
    x: { shape: xShape(c), draw: normal },
    dy: { shape: yShape(c), draw: small },
  },
  // TensorFlow.js gives this one no name of its own.
  run: ({ x, dy }) =>
    tf.engine().runKernel(
      'Conv2DBackpropFilter',
      { x, dy },
      {
        strides: strides(c),
        pad: c.pad,
        dataFormat: 'NHWC',
        filterShape: filterShape(c),
      },
    ) as Tensor,
});

const KERNELS = [
  { kernel: 'Conv2D', example: forward, gradient: 2e-6 },
  { kernel: 'Conv2DBackpropInput', example: backpropInput, gradient: 2e-6 },
  // A gradient of a gradient, which nothing asks for; TensorFlow.js has none.
  { kernel: 'Conv2DBackpropFilter', example: backpropFilter, gradient: null },
];

export const CONVOLUTION_ROWS: readonly LoweringRow[] = KERNELS.flatMap(
  ({ kernel, example, gradient }) => [
    { kernel, tolerance: 1e-6, gradient, examples: overTime.map(example) },
    {
      kernel,
      variant: 'a picture',
      tolerance: 1e-6,
      gradient,
      examples: overPicture.map(example),
    },
    // One tile, several, and some of which the last is cut off.
    ...(
      [
        [4, 5],
        [16, 3],
        [6, 5],
        [9, 5],
      ] as const
    ).map(([time, length]) => ({
      kernel,
      variant: `${time} steps, kernel ${length}, wide`,
      tolerance: 5e-6,
      // Mixed inputs are larger than inputs, and what they share must cancel.
      gradient: gradient && 5e-5,
      runs: 1,
      places: 3,
      ourWay: true,
      examples: fast(ALONG_NOTHING, { extent: time, kernel: length, stride: 1 }).map(example),
    })),
    // One tile, and some of which the last are cut off.
    ...(
      [
        [4, 4],
        [6, 5],
      ] as const
    ).map(([height, width]) => ({
      kernel,
      variant: `a picture of ${height} × ${width}, kernel 3, wide`,
      // Mixed twice, down and to the right.
      tolerance: 3e-5,
      gradient: gradient && 3e-4,
      runs: 1,
      places: 3,
      ourWay: true,
      examples: fast(
        { extent: height, kernel: 3, stride: 1 },
        { extent: width, kernel: 3, stride: 1 },
      ).map(example),
    })),
  ],
);
