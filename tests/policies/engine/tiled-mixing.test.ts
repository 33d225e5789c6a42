import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../policies/engine/graph/builder.ts';
import type { Value } from '../../../policies/engine/graph/graph.ts';
import { encodeOnnx } from '../../../policies/engine/graph/onnx.ts';
import { loadRuntime, openOnOneThread } from '../../../policies/engine/runtime.ts';
import { minimalFiltering } from '../../../policies/engine/trace/minimal-filtering.ts';
import {
  mix,
  mixErrors,
  mixInputs,
  mixOutputs,
  unmix,
} from '../../../policies/engine/trace/tiled-mixing.ts';
import { Random } from '../../../policies/random.ts';

const BATCH = 3;
const CHANNELS = 20;

/** What time steps are mixed into, tile by tile and by the matrix of all of them, and by which operators. */
async function bothWays(time: number, kernel: number, padBefore: number) {
  const filtering = minimalFiltering(time, kernel, padBefore, 4);
  const { points, tiles, input, output } = filtering;
  const steps = [time, BATCH, CHANNELS];
  const mixed = [points, tiles * BATCH, CHANNELS];
  const graph = new GraphBuilder();
  const x = graph.input('x', 'float32', steps);
  const products = graph.input('products', 'float32', mixed);
  const results: Record<string, [byTile: Value, whole: Value]> = {
    inputs: [mixInputs(graph, filtering, x), mix(graph, input, x, mixed)],
    errors: [mixErrors(graph, filtering, x), unmix(graph, output, x, mixed)],
    outputs: [mixOutputs(graph, filtering, products, steps), mix(graph, output, products, steps)],
  };
  const { nodes, ...rest } = graph.finish(
    Object.entries(results).flatMap(([name, [byTile, whole]]) => [
      { name, value: byTile },
      { name: `${name} by all`, value: whole },
    ]),
  );
  const runtime = await loadRuntime();
  const session = await openOnOneThread(runtime, encodeOnnx({ nodes, ...rest }));
  const random = Random.of(time, kernel, padBefore);
  const drawn = ({ shape }: Value) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const data = random.fillNormal(new Float32Array(size));
    return new runtime.Tensor('float32', data, [...shape]);
  };
  const got = await session.run({ x: drawn(x), products: drawn(products) });
  await session.release();
  return { got, names: Object.keys(results), ops: nodes.map(({ op }) => op) };
}

describe('mixing time steps tile by tile', () => {
  it.each([
    [4, 5, 2],
    [8, 5, 2],
    [16, 5, 2],
    [32, 5, 2],
    [16, 3, 1],
    [20, 3, 1],
    [18, 5, 2],
    [32, 5, 0],
    [32, 5, 4],
  ])('gives the bits of one matrix for all: T = %d, kernel %d, %d before', async (...shape) => {
    const { got, names } = await bothWays(...shape);
    for (const name of names) {
      expect(got[name].data, name).toEqual(got[`${name} by all`].data);
    }
  });

  it('takes no matrix of all time steps where there are many', async () => {
    const { ops } = await bothWays(32, 5, 2);
    // Three of the whole matrices beside which they are measured here.
    expect(ops.filter((op) => op === 'Gemm')).toHaveLength(3 + 2);
    expect(ops).toContain('Conv');
  });
});
