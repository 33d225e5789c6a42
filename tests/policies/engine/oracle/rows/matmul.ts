import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import tf from '#tensorflow';
import type { LoweringRow } from '../lowerings.ts';
import { extent, normal } from './arbitraries.ts';

const product = fc.record({
  rows: extent(5),
  inner: extent(6),
  columns: extent(5),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

/** Products of two stacks of matrices. */
const products = (stacks: fc.Arbitrary<{ a: number[]; b: number[] }>) =>
  fc
    .record({ stacks, product })
    .map(({ stacks, product: { rows, inner, columns, transposeA, transposeB } }) => ({
      inputs: {
        a: {
          shape: [...stacks.a, ...(transposeA ? [inner, rows] : [rows, inner])],
          draw: normal,
        },
        b: {
          shape: [...stacks.b, ...(transposeB ? [columns, inner] : [inner, columns])],
          draw: normal,
        },
      },
      run: ({ a, b }: Record<string, Tensor>) => tf.matMul(a, b, transposeA, transposeB),
    }));

const stack = fc.array(extent(3), { maxLength: 2 });

export const MATMUL_ROWS: readonly LoweringRow[] = [
  {
    kernel: 'BatchMatMul',
    tolerance: 2e-6,
    gradient: 2e-6,
    examples: products(stack.map((both) => ({ a: both, b: both }))),
  },
  {
    kernel: 'BatchMatMul',
    variant: 'one matrix for all',
    tolerance: 2e-6,
    // TensorFlow.js has none: it would leave out the sum over the stack.
    gradient: null,
    examples: products(
      fc.record({ many: extent(3).map((more) => more + 1), first: fc.boolean() }).map((each) => {
        const [one, many] = [[], [each.many]];
        return each.first ? { a: one, b: many } : { a: many, b: one };
      }),
    ),
  },
];
