import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { ParameterTable } from '../../../policies/networks/parameters.ts';
import { PLANE } from '../../../policies/networks/places.ts';
import { ENGINES, runOn } from '../../support/engines.ts';

/** Nine numbers, row by row, of a batch of one with one channel. */
const SQUARE = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
const X = [{ name: 'x', shape: [9, 1, 1] }];

/** A 3 × 3 convolution whose only tap is the place above and to the left. */
function shift(stride: number) {
  const table = new ParameterTable();
  const layer = PLANE.convolution(table, 'shift', { from: 1, to: 1, kernel: 3, stride });
  const weights = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  return { table, layer, weights };
}

describe.each(ENGINES)('places of a square, on %s', (_, createEngine) => {
  const apply = async (fn: (x: Tensor3D) => Tensor, size = 9) => {
    const results = await runOn(
      await createEngine(),
      ({ x }) => ({ y: fn(x as Tensor3D) }),
      [{ ...X[0], shape: [size, 1, 1] }],
      { x: SQUARE.subarray(0, size) },
    );
    return [...results.y];
  };

  it('lie row by row: a tap above and to the left moves a picture down and to the right', async () => {
    const { table, layer, weights } = shift(1);
    const engine = await createEngine();
    const { y } = await runOn(
      engine,
      ({ x, w }) => ({ y: layer(table.unpack(w), x as Tensor3D) }),
      [...X, { name: 'w', shape: [10] }],
      { x: SQUARE, w: weights },
    );
    expect([...y]).toEqual([0, 0, 0, 0, 1, 2, 0, 4, 5]);
  });

  it('become four of one, side by side and one below the other', async () => {
    expect(await apply((x) => PLANE.upsample(x), 4)).toEqual([
      ...[1, 1, 2, 2],
      ...[1, 1, 2, 2],
      ...[3, 3, 4, 4],
      ...[3, 3, 4, 4],
    ]);
  });

  it('that are of no square are refused', async () => {
    await expect(apply((x) => PLANE.upsample(x), 8)).rejects.toThrow('places of a square, got 8');
  });
});
