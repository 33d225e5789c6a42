import type { Tensor4D } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { productFlops } from '../../../policies/engine/graph/flops.ts';
import type { TensorFunction } from '../../../policies/engine/index.ts';
import { optimize } from '../../../policies/engine/passes/index.ts';
import { trace } from '../../../policies/engine/trace/trace.ts';
import { randomInputs, relativeError } from '../../support/engines.ts';
import { interpret } from './oracle/interpret.ts';

interface Strided {
  readonly side: number;
  readonly kernel: number;
  readonly stride: number;
}

const [BATCH, FROM, TO] = [2, 2, 3];

const specsOf = ({ side, kernel, stride }: Strided) => [
  { name: 'filter', shape: [kernel, kernel, FROM, TO] },
  { name: 'dy', shape: [BATCH, Math.ceil(side / stride), Math.ceil(side / stride), TO] },
];

const inputGradient =
  ({ side, stride }: Strided): TensorFunction =>
  ({ filter, dy }) => ({
    dx: tf.conv2dTranspose(
      dy as Tensor4D,
      filter as Tensor4D,
      [BATCH, side, side, FROM],
      stride,
      'same',
    ),
  });

/** As it is defined: each error goes, times the tap, to the place that the tap read. */
function byDefinition(
  { side, kernel, stride }: Strided,
  filter: Float32Array,
  dy: Float32Array,
): Float64Array {
  const outputs = Math.ceil(side / stride);
  const before = Math.floor(Math.max(0, (outputs - 1) * stride + kernel - side) / 2);
  const dx = new Float64Array(BATCH * side * side * FROM);
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const taps = range(kernel).flatMap((row) => range(kernel).map((column) => [row, column]));
  const places = range(outputs).flatMap((row) => range(outputs).map((column) => [row, column]));
  for (const [row, column] of places) {
    for (const [down, right] of taps) {
      const [y, x] = [row * stride + down - before, column * stride + right - before];
      if (y < 0 || x < 0 || y >= side || x >= side) continue;
      for (let b = 0; b < BATCH; b++) {
        for (let i = 0; i < FROM; i++) {
          for (let o = 0; o < TO; o++) {
            dx[((b * side + y) * side + x) * FROM + i] +=
              filter[((down * kernel + right) * FROM + i) * TO + o] *
              dy[((b * outputs + row) * outputs + column) * TO + o];
          }
        }
      }
    }
  }
  return dx;
}

const shapes = fc.record({
  side: fc.integer({ min: 2, max: 9 }),
  kernel: fc.integer({ min: 1, max: 5 }),
  stride: fc.integer({ min: 2, max: 3 }),
});

describe('a convolution of a picture with a stride', () => {
  it('has the gradient that its definition gives, whether strides divide the picture or not', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.nat(1000), async (shape, seed) => {
        const specs = specsOf(shape);
        const inputs = randomInputs(specs, seed);
        const { dx } = interpret(await trace(inputGradient(shape), specs), inputs);
        const [filter, dy] = [inputs.filter, inputs.dy] as Float32Array[];
        expect(relativeError(dx, byDefinition(shape, filter, dy))).toBeLessThan(1e-12);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('multiplies no error with the zeros between errors', async () => {
    const shape = { side: 8, kernel: 3, stride: 2 };
    const graph = optimize(await trace(inputGradient(shape), specsOf(shape)));
    // Four places of a stride read 2 × 2 errors: a product of 4·TO and 4·FROM for each of 16.
    expect(productFlops(graph)).toBe(2 * BATCH * 16 * 4 * TO * 4 * FROM);
  });
});
