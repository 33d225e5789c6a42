import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { analyze } from '../../../policies/engine/index.ts';

describe('counting operations', () => {
  it('takes two for each product of a matrix product, transposed or not', async () => {
    const specs = [
      { name: 'a', shape: [3, 5] },
      { name: 'b', shape: [3, 7] },
    ];
    const { flops } = await analyze(
      ({ a, b }) => ({ y: tf.neg(tf.matMul(a, b, true, false)) }),
      specs,
    );
    expect(flops).toBe(2 * 5 * 7 * 3);
  });

  it('counts a convolution and its two gradients three times, as textbooks do', async () => {
    const [batch, time, kernel, from, to] = [4, 6, 5, 8, 16];
    const { flops, plainFlops } = await analyze(convolutionGradients, [
      { name: 'x', shape: [batch, time, from] },
      { name: 'filter', shape: [kernel, from, to] },
    ]);
    expect(flops).toBe(3 * 2 * batch * time * kernel * from * to);
    expect(plainFlops).toBe(flops);
  });

  it('tells the products that run from those a textbook counts', async () => {
    const [batch, time, kernel, width] = [64, 4, 5, 128];
    const { flops, plainFlops } = await analyze(convolutionGradients, [
      { name: 'x', shape: [batch, time, width] },
      { name: 'filter', shape: [kernel, width, width] },
    ]);
    expect(plainFlops).toBe(3 * 2 * batch * time * kernel * width * width);
    expect(flops).toBeGreaterThan((8 / 20) * plainFlops);
    expect(flops).toBeLessThan((10 / 20) * plainFlops);
  });
});

function convolutionGradients({ x, filter }: Record<string, Tensor>) {
  const loss = (...args: Tensor[]) =>
    tf.sum(tf.square(tf.conv1d(args[0] as Tensor3D, args[1] as Tensor3D, 1, 'same'))) as tf.Scalar;
  const { value, grads } = tf.valueAndGrads(loss)([x, filter]);
  return { value, dx: grads[0], dFilter: grads[1] };
}
