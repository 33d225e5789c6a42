import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import type { Graph } from '../../../policies/engine/graph/graph.ts';
import type { TensorFunction } from '../../../policies/engine/index.ts';
import { optimize, PASS_NAMES } from '../../../policies/engine/passes/index.ts';
import { carryReshapes } from '../../../policies/engine/passes/reshapes.ts';
import { trace } from '../../../policies/engine/trace/trace.ts';
import { randomInputs, relativeError } from '../../support/engines.ts';
import { interpret } from './oracle/interpret.ts';

const X = [{ name: 'x', shape: [2, 3] }];
const graphOf = (fn: TensorFunction) => trace(fn, X);

describe('all passes together', () => {
  it('let the two gradients of a convolution share the columns of its error', async () => {
    const convolve: TensorFunction = ({ x, filter }) => {
      const loss = (...args: tf.Tensor[]) =>
        tf.sum(tf.square(tf.conv1d(args[0] as tf.Tensor3D, args[1] as tf.Tensor3D, 1, 'same')));
      const { grads } = tf.valueAndGrads(loss as (...args: tf.Tensor[]) => tf.Scalar)([x, filter]);
      return { dx: grads[0], dFilter: grads[1] };
    };
    const graph = await trace(convolve, [
      { name: 'x', shape: [2, 8, 3] },
      { name: 'filter', shape: [5, 3, 4] },
    ]);
    const gathers = optimize(graph).nodes.filter(({ op }) => op === 'Gather');
    // One for the forward pass, one for both gradients.
    expect(gathers).toHaveLength(2);
  });
});

describe('whatever passes run', () => {
  const SQUARE = [4, 4];
  type Op = (a: tf.Tensor2D, b: tf.Tensor2D, row: tf.Tensor1D) => tf.Tensor;
  /** Of two square matrices another one: what passes rewrite, and what stands in their way. */
  const OPS: readonly Op[] = [
    (a, b) => tf.add(a, b),
    (a, b) => tf.sub(a, b),
    (a, b) => tf.mul(a, b),
    (a, b) => tf.mul(tf.matMul(a, b), 0.25),
    (a, b) => tf.matMul(a, b, false, true),
    (a, _, row) => tf.add(a, row),
    (a, b, row) => tf.add(row, tf.matMul(a, b).reshape([2, 2, 4])).reshape(SQUARE),
    (a, b) => tf.add(tf.matMul(a, a), tf.slice(b, [1, 0], [1, 4]).flatten()),
    (a) => tf.sin(a),
    (a) => tf.add(a, 0),
    (a) => tf.sub(0, a),
    (a) => tf.mul(tf.ones(SQUARE), a),
    (a) => tf.div(a, 1),
    (a) => tf.reshape(tf.reshape(a, [2, 8]), SQUARE),
    (a) => tf.transpose(a),
    (a) => tf.transpose(tf.reshape(a, [1, 16, 1]), [1, 0, 2]).reshape(SQUARE),
    (a) => tf.tile(tf.slice(a, [0, 0], [4, 2]), [1, 2]),
    (a) => tf.cast(a, 'float32'),
    (a, b, row) =>
      tf
        .mul(a.reshape([2, 2, 4]), b.reshape([2, 2, 4]))
        .add(row)
        .reshape(SQUARE),
    (a, b) => tf.sub(a.flatten(), b.flatten()).reshape(SQUARE),
    (a, b) =>
      tf.mul(a.reshape([2, 2, 4]), b.slice([0, 0], [2, 1]).reshape([2, 1, 1])).reshape(SQUARE),
    (a, b) => tf.add(a.flatten(), b.slice([1, 0], [2, 4]).tile([2, 1]).flatten()).reshape(SQUARE),
  ];
  /** Made `ago` steps before the last, if there were so many. */
  const recent = (made: readonly tf.Tensor2D[], ago: number) =>
    made[Math.max(0, made.length - 1 - ago)];
  const steps = fc.array(fc.record({ op: fc.constantFrom(...OPS), a: fc.nat(3), b: fc.nat(3) }), {
    minLength: 1,
    maxLength: 12,
  });

  const reshapesOf = ({ nodes }: Graph) => nodes.filter(({ op }) => op === 'Reshape').length;

  it('a program computes the same numbers, in float64', async () => {
    const specs = [
      { name: 'x', shape: SQUARE },
      { name: 'y', shape: SQUARE },
      { name: 'row', shape: [4] },
    ];
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.subarray([...PASS_NAMES]),
        fc.nat(),
        async (steps, without, seed) => {
          const graph = await trace(({ x, y, row }) => {
            const made = [x, y] as tf.Tensor2D[];
            for (const { op, a, b } of steps) {
              made.push(op(recent(made, a), recent(made, b), row as tf.Tensor1D) as tf.Tensor2D);
            }
            return { last: made[made.length - 1], other: recent(made, seed % 4) };
          }, specs);
          const inputs = randomInputs(specs, seed);
          const expected = interpret(graph, inputs);
          const optimized = optimize(graph, { without });
          const actual = interpret(optimized, inputs);
          for (const [name, values] of Object.entries(expected)) {
            expect(relativeError(actual[name], values), name).toBeLessThan(1e-9);
          }
          // What is small too, and then to the bit.
          const carried = carryReshapes(optimized, 1);
          expect(interpret(carried, inputs)).toEqual(actual);
          expect(reshapesOf(carried)).toBeLessThanOrEqual(reshapesOf(optimized));
        },
      ),
      { seed: 20, numRuns: 300 },
    );
  });

  it('leave no constant that nothing reads, of which whoever opens the file would be warned', async () => {
    const graph = await graphOf(({ x }) => {
      const large = tf.tile(x, [64, 128]);
      return { y: tf.neg(large.flatten()).reshape(large.shape) };
    });
    const { nodes, constants } = optimize(graph);
    // The shapes of two reshapes that cancel.
    expect(nodes.map(({ op }) => op)).not.toContain('Reshape');
    expect(graph.constants.size).toBeGreaterThan(1);
    const read = new Set(nodes.flatMap(({ inputs }) => inputs));
    expect([...constants.keys()].filter((value) => !read.has(value))).toEqual([]);
  });

  const everything: TensorFunction = ({ x }) => {
    tf.exp(x);
    const affine = () => tf.add(tf.matMul(x, tf.ones([3, 3])), tf.tensor1d([1, 2, 3]));
    const large = tf.tile(x, [64, 128]);
    const reshaped = tf.neg(large.flatten()).reshape(large.shape);
    const rows = tf.concat([tf.fill([2, 1], 2), tf.mul(x, tf.sigmoid(x))], 1) as tf.Tensor2D;
    const [told, other] = [1, 2].map((weight) =>
      tf.add(tf.matMul(rows, tf.fill([4, 2], weight)), [3, 4]),
    );
    const filter = tf.ones<tf.Rank.R3>([1, 3, 3]);
    const convolved = tf.conv1d(tf.reshape(x, [1, 2, 3]) as tf.Tensor3D, filter, 1, 'same');
    return {
      y: tf.add(affine(), 0),
      z: tf.neg(affine()),
      reshaped,
      told,
      other,
      biased: tf.add(convolved, [1, 2, 3]),
    };
  };

  it.each(PASS_NAMES)('"%s" can be left out, and then does nothing', async (name) => {
    const graphs = [false, true].map(async (fewRows) => {
      const graph = await trace(everything, X, { fewRows });
      expect(optimize(graph, { fewRows, without: PASS_NAMES })).toEqual(graph);
      const left = optimize(graph, { fewRows, without: [name] });
      return (
        String(left.nodes.map(({ op }) => op)) !==
        String(optimize(graph, { fewRows }).nodes.map(({ op }) => op))
      );
    });
    expect(await Promise.all(graphs)).toContain(true);
  });
});
