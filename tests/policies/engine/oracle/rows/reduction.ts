import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import tf from '#tensorflow';
import type { LoweringRow } from '../lowerings.ts';
import { normal, shapes } from './arbitraries.ts';

/** A shape, one or more of its axes, and whether they stay as axes of length one. */
const reductions = shapes(1).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    axes: fc.shuffledSubarray([...shape.keys()], { minLength: 1 }),
    fromEnd: fc.boolean(),
    keepDims: fc.boolean(),
  }),
);

function reduction(
  kernel: string,
  op: (x: Tensor, axes: number[], keepDims: boolean) => Tensor,
  bounds: Pick<LoweringRow, 'tolerance' | 'gradient'>,
): LoweringRow {
  const examples = reductions.map(({ shape, axes, fromEnd, keepDims }) => ({
    inputs: { x: { shape, draw: normal } },
    run: ({ x }: Record<string, Tensor>) =>
      op(x, fromEnd ? axes.map((axis) => axis - shape.length) : axes, keepDims),
  }));
  return { kernel, ...bounds, examples };
}

export const REDUCTION_ROWS: readonly LoweringRow[] = [
  reduction('Sum', tf.sum, { tolerance: 5e-6, gradient: 0 }),
  {
    kernel: 'Sum',
    variant: 'of many, over the first axes',
    tolerance: 1e-5,
    gradient: 0,
    runs: 5,
    places: 3,
    examples: fc
      .record({ rows: fc.integer({ min: 8, max: 20 }), keepDims: fc.boolean() })
      .map(({ rows, keepDims }) => ({
        inputs: { x: { shape: [rows, 32, 16], draw: normal } },
        run: ({ x }) => tf.sum(x, rows % 2 === 0 ? [0] : [0, 1], keepDims),
      })),
  },
  reduction('Mean', tf.mean, { tolerance: 1e-6, gradient: 2e-7 }),
  reduction('Max', tf.max, { tolerance: 0, gradient: 0 }),
  {
    kernel: 'Softmax',
    tolerance: 1e-6,
    gradient: 1e-6,
    examples: shapes(1).map((shape) => ({
      inputs: { x: { shape, draw: normal } },
      run: ({ x }) => tf.softmax(x),
    })),
  },
];
