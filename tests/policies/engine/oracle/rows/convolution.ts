import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import tf from '#tensorflow';
import type { Example, LoweringRow } from '../lowerings.ts';
import { extent, normal } from './arbitraries.ts';

/** A convolution over time, written as one in two dimensions whose first is of length one. */
interface Convolution {
  readonly batch: number;
  readonly time: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: 'same' | 'valid';
  readonly from: number;
  readonly to: number;
}

const plain: fc.Arbitrary<Convolution> = fc
  .record({
    batch: extent(3),
    time: extent(9),
    kernel: extent(5),
    stride: extent(3),
    pad: fc.constantFrom('same', 'valid'),
    from: extent(4),
    to: extent(4),
  })
  .filter(({ pad, time, kernel }) => pad === 'same' || kernel <= time);

/** Shapes for which `trace/fast-convolution.ts` takes fewer products. */
const fast = (time: number, kernel: number): fc.Arbitrary<Convolution> =>
  fc.record({
    batch: fc.constant(16),
    time: fc.constant(time),
    kernel: fc.constant(kernel),
    stride: fc.constant(1),
    pad: fc.constant('same'),
    from: fc.integer({ min: 32, max: 34 }),
    to: fc.integer({ min: 32, max: 34 }),
  });

/** Small enough that sums over wide inputs stay near one. */
const small = (random: Parameters<typeof normal>[0]) => 0.05 * normal(random);

function outTime({ time, kernel, stride, pad }: Convolution): number {
  return Math.ceil((pad === 'same' ? time : time - kernel + 1) / stride);
}

const xShape = ({ batch, time, from }: Convolution) => [batch, 1, time, from];
const yShape = (c: Convolution) => [c.batch, 1, outTime(c), c.to];
const filterShape = ({ kernel, from, to }: Convolution) => [1, kernel, from, to];

const forward = (c: Convolution): Example => ({
  inputs: {
    x: { shape: xShape(c), draw: normal },
    filter: { shape: filterShape(c), draw: small },
  },
  run: ({ x, filter }) => tf.conv2d(x as Tensor4D, filter as Tensor4D, [1, c.stride], c.pad),
});

const backpropInput = (c: Convolution): Example => ({
  inputs: {
    dy: { shape: yShape(c), draw: normal },
    filter: { shape: filterShape(c), draw: small },
  },
  run: ({ dy, filter }) =>
    tf.conv2dTranspose(
      dy as Tensor4D,
      filter as Tensor4D,
      xShape(c) as [number, number, number, number],
      [1, c.stride],
      c.pad,
    ),
});

const backpropFilter = (c: Convolution): Example => ({
  inputs: {
    x: { shape: xShape(c), draw: normal },
    dy: { shape: yShape(c), draw: small },
  },
  // TensorFlow.js gives this one no name of its own.
  run: ({ x, dy }) =>
    tf
      .engine()
      .runKernel(
        'Conv2DBackpropFilter',
        { x, dy },
        { strides: [1, c.stride], pad: c.pad, dataFormat: 'NHWC', filterShape: filterShape(c) },
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
    { kernel, tolerance: 1e-6, gradient, examples: plain.map(example) },
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
      examples: fast(time, length).map(example),
    })),
  ],
);
