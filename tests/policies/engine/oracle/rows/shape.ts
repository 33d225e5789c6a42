import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import tf from '#tensorflow';
import type { LoweringRow } from '../lowerings.ts';
import { below, extent, normal, shapeAndAxis, shapes } from './arbitraries.ts';

/** Numbers are moved, none is changed. */
const MOVED = { tolerance: 0, gradient: 0 };

/** A shape and something to be said of each of its axes. */
function shapeWith<T>(axis: (extent: number) => fc.Arbitrary<T>, minRank = 0) {
  return shapes(minRank).chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.tuple(...shape.map(axis)),
    }),
  );
}

export const SHAPE_ROWS: readonly LoweringRow[] = [
  {
    kernel: 'Reshape',
    ...MOVED,
    examples: shapes().chain((shape) =>
      fc.shuffledSubarray(shape, { minLength: shape.length }).map((shuffled) => ({
        inputs: { x: { shape, draw: normal } },
        run: ({ x }: Record<string, Tensor>) => tf.reshape(x, [1, ...shuffled]),
      })),
    ),
  },
  {
    kernel: 'ExpandDims',
    ...MOVED,
    examples: shapeAndAxis.map(({ shape, axis }) => ({
      inputs: { x: { shape, draw: normal } },
      run: ({ x }) => tf.expandDims(x, axis - 1),
    })),
  },
  {
    kernel: 'Transpose',
    ...MOVED,
    examples: shapes(2).chain((shape) =>
      fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((perm) => ({
        inputs: { x: { shape, draw: normal } },
        run: ({ x }: Record<string, Tensor>) => tf.transpose(x, perm),
      })),
    ),
  },
  {
    kernel: 'Concat',
    ...MOVED,
    examples: fc
      .record({ at: shapeAndAxis, extents: fc.array(extent(4), { minLength: 2, maxLength: 4 }) })
      .map(({ at: { shape, axis }, extents }) => ({
        inputs: Object.fromEntries(
          extents.map((along, i) => [`x${i}`, { shape: shape.with(axis, along), draw: normal }]),
        ),
        run: (x) => tf.concat(Object.values(x), axis),
      })),
  },
  {
    kernel: 'SplitV',
    ...MOVED,
    examples: fc
      .record({ at: shapeAndAxis, extents: fc.array(extent(4), { minLength: 2, maxLength: 4 }) })
      .map(({ at: { shape, axis }, extents }) => ({
        inputs: {
          x: {
            shape: shape.with(
              axis,
              extents.reduce((sum, each) => sum + each),
            ),
            draw: normal,
          },
        },
        run: ({ x }) => tf.split(x, extents, axis),
      })),
  },
  {
    kernel: 'Slice',
    ...MOVED,
    examples: shapeWith(
      (all) => fc.nat(all - 1).chain((from) => fc.tuple(fc.constant(from), extent(all - from))),
      1,
    ).map(({ shape, axes }) => ({
      inputs: { x: { shape, draw: normal } },
      run: ({ x }) =>
        tf.slice(
          x,
          axes.map(([from]) => from),
          axes.map(([, size]) => size),
        ),
    })),
  },
  {
    kernel: 'PadV2',
    ...MOVED,
    examples: fc
      .record({ at: shapeWith(() => fc.tuple(fc.nat(2), fc.nat(2)), 1), value: fc.nat(3) })
      .map(({ at: { shape, axes }, value }) => ({
        inputs: { x: { shape, draw: normal } },
        run: ({ x }) => tf.pad(x, axes, value),
      })),
  },
  {
    kernel: 'Tile',
    tolerance: 0,
    gradient: 5e-6,
    examples: shapeWith(() => extent(3), 1).map(({ shape, axes }) => ({
      inputs: { x: { shape, draw: normal } },
      run: ({ x }) => tf.tile(x, axes),
    })),
  },
  {
    kernel: 'GatherV2',
    tolerance: 0,
    // It would need UnsortedSegmentSum, which has no lowering.
    gradient: null,
    examples: fc
      .record({ at: shapeAndAxis, indices: fc.array(extent(3), { minLength: 1, maxLength: 2 }) })
      .map(({ at: { shape, axis }, indices }) => ({
        inputs: {
          x: { shape, draw: normal },
          indices: { shape: indices, draw: below(shape[axis]), dtype: 'int32' },
        },
        run: ({ x, indices }) => tf.gather(x, indices as tf.Tensor1D, axis),
      })),
  },
  {
    kernel: 'Fill',
    tolerance: 0,
    gradient: null,
    examples: fc
      .record({
        shape: shapes(),
        value: fc.nat(1),
        dtype: fc.constantFrom('float32', 'int32', 'bool'),
      })
      .map(({ shape, value, dtype }) => ({ inputs: {}, run: () => tf.fill(shape, value, dtype) })),
  },
];
