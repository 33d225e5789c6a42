import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { createCompiledEngine, type TensorFunction } from '../../../policies/engine/index.ts';
import { optimize } from '../../../policies/engine/passes/index.ts';
import { orderReshaped } from '../../../policies/engine/trace/order.ts';
import { trace } from '../../../policies/engine/trace/trace.ts';
import { groupNorm, modulate, silu, upsample } from '../../../policies/networks/layers.ts';
import { ParameterTable } from '../../../policies/networks/parameters.ts';
import { randomInputs, relativeError } from '../../support/engines.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { interpret } from './oracle/interpret.ts';

const graphOf = async (fn: TensorFunction, specs: Parameters<typeof trace>[1]) =>
  optimize(await trace(fn, specs, { fewRows: true }), { fewRows: true });

describe('a program of few rows', () => {
  const X = [{ name: 'x', shape: [2, 3, 4] }];

  type Op = (a: tf.Tensor3D, b: tf.Tensor3D) => tf.Tensor;
  const OPS: readonly Op[] = [
    (a) => tf.transpose(a, [1, 0, 2]),
    (a) => tf.transpose(a, [1, 2, 0]),
    (a) => tf.transpose(a, [2, 1, 0]),
    (a) => tf.neg(a),
    (a) => tf.add(a, 1),
    (a) => tf.mul(a, tf.sum(a, 0)),
    (a) => tf.sub(a, tf.mean(a, 1, true)),
    (a) => tf.clipByValue(tf.square(a), 0, 2),
    (a, b) => (a.shape.join() === b.shape.join() ? tf.add(a, b) : tf.exp(tf.neg(tf.abs(b)))),
    (a, b) => (a.shape.join() === b.shape.join() ? tf.addN([a, b, a]) : tf.tanh(a)),
    (a) => tf.slice(tf.concat([a, tf.neg(a)], 2), [0, 0, 1], a.shape),
    (a) => tf.slice(tf.tile(a, [1, 2, 1]), [0, 0, 0], a.shape),
    (a) => tf.reshape(tf.reshape(a, [a.shape[0], 1, a.shape[1] * a.shape[2]]), a.shape),
    (a) => tf.reshape(a, [a.shape[0] * a.shape[1], 1, a.shape[2]]),
    (a) => tf.conv1d(a, tf.ones([3, a.shape[2], 2]), 1, 'same'),
  ];
  const steps = fc.array(fc.record({ op: fc.constantFrom(...OPS), a: fc.nat(2), b: fc.nat(2) }), {
    minLength: 1,
    maxLength: 10,
  });

  it('computes the same numbers in float64, whatever is transposed, reshaped and joined', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (steps, seed) => {
        const fn: TensorFunction = ({ x }) => {
          const made = [x as tf.Tensor3D];
          const recent = (ago: number) => made[Math.max(0, made.length - 1 - ago)];
          for (const { op, a, b } of steps) made.push(op(recent(a), recent(b)) as tf.Tensor3D);
          return { last: made[made.length - 1], other: recent(1 + (seed % 3)) };
        };
        const inputs = randomInputs(X, seed);
        const expected = interpret(await trace(fn, X), inputs);
        const actual = interpret(await graphOf(fn, X), inputs);
        for (const [name, values] of Object.entries(expected)) {
          expect(relativeError(actual[name], values), name).toBeLessThan(1e-9);
        }
      }),
      { seed: 20, numRuns: 150 },
    );
  });

  it('repeats each of some places without moving one at a time', async () => {
    const twice: TensorFunction = ({ x }) => ({
      y: upsample(tf.transpose(x, [1, 0, 2]) as tf.Tensor3D),
    });
    const C = [{ name: 'x', shape: [1, 8, 4] }];
    const channelsFirst: TensorFunction = ({ x }) => {
      const laid = tf.conv1d(x as tf.Tensor3D, tf.ones([3, 4, 4]), 1, 'same');
      return twice({ x: laid });
    };
    const graph = await graphOf(channelsFirst, C);
    expect(graph.nodes.map(({ op }) => op)).not.toContain('Tile');
    const inputs = randomInputs(C, 3);
    const expected = interpret(await trace(channelsFirst, C), inputs);
    expect(relativeError(interpret(graph, inputs).y, expected.y)).toBeLessThan(1e-12);
  });

  const LAYER = [
    { name: 'x', shape: [1, 8, 4] },
    { name: 'told', shape: [1, 8] },
  ];
  const table = new ParameterTable();
  const norm = groupNorm(table, 'norm', 4, 2);
  const layer: TensorFunction = ({ x, told }) => {
    const p = [tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([4, 3, 2, 1])];
    const timeFirst = tf.transpose(x, [1, 0, 2]) as tf.Tensor3D;
    const convolve = (x: tf.Tensor3D) => {
      const filter = tf.fill([5, 4, 4], 0.1) as tf.Tensor3D;
      const y = tf.conv1d(tf.transpose(x, [1, 0, 2]) as tf.Tensor3D, filter, 1, 'same');
      return tf.add(tf.transpose(y, [1, 0, 2]), [1, 2, 3, 4]) as tf.Tensor3D;
    };
    const h = modulate(silu(norm(p, convolve(timeFirst))), told);
    return { y: tf.transpose(convolve(h), [1, 0, 2]) };
  };

  it('is written with one operator for what takes many otherwise, and moves nothing in between', async () => {
    const { nodes, inputs } = await graphOf(layer, LAYER);
    const given = new Set(inputs.map(({ value }) => value));
    const ops = nodes.map(({ op }) => op);
    const count = (op: string) => ops.filter((each) => each === op).length;
    expect(['Conv', 'InstanceNormalization', 'BatchNormalization', 'QuickGelu'].map(count)).toEqual(
      [2, 1, 2, 1],
    );
    // What comes in, what goes out, and the filters, which are constants.
    expect(count('Transpose')).toBeLessThanOrEqual(2 + 2);
    expect(
      nodes.filter(({ op, inputs }) => op === 'Reshape' && !given.has(inputs[0])).length,
    ).toBeLessThan(9);
    // Biases are the convolutions' own.
    expect(nodes.filter(({ op }) => op === 'Conv').every(({ inputs }) => inputs.length === 3)).toBe(
      true,
    );
  });

  it('runs to the same bits kept or not: what is kept does not know for which processor', async () => {
    const store = new MemoryStore();
    const inputs = randomInputs(LAYER, 3);
    const run = async (programs: MemoryStore | null) => {
      const engine = createCompiledEngine(programs ? { programs } : {});
      const program = await engine.compile(layer, LAYER, { rows: 1, key: 'layer' });
      const results = await program.run(inputs);
      await program.dispose();
      return results;
    };
    const made = await run(store);
    expect(await run(store)).toEqual(made);
    expect(await run(null)).toEqual(made);
    const [[, kept]] = store.entries;
    expect(Buffer.from(kept).includes('Reorder')).toBe(false);
  });

  it('is one below sixteen rows', async () => {
    const store = new MemoryStore();
    const engine = createCompiledEngine({ programs: store });
    const wide = (rows: number) => [{ name: 'x', shape: [rows, 8, 4] }];
    const fn: TensorFunction = ({ x }) => ({
      y: tf.conv1d(x as tf.Tensor3D, tf.ones([3, 4, 4]), 1, 'same'),
    });
    for (const rows of [15, 16]) {
      const program = await engine.compile(fn, wide(rows), { rows, key: String(rows) });
      await program.dispose();
    }
    const convolves = [...store.entries.values()].map((bytes) =>
      Buffer.from(bytes).includes('Conv'),
    );
    expect(convolves.sort()).toEqual([false, true]);
  });

  it('takes no gradient, and says which operator has none', async () => {
    const descend: TensorFunction = ({ x }) => ({
      dx: tf.grad((x) => tf.sum(norm([tf.ones([4]), tf.zeros([4])], x as tf.Tensor3D)))(x),
    });
    await expect(trace(descend, [LAYER[0]], { fewRows: true })).rejects.toThrow('GroupNorm');
  });
});

describe('the order of axes after a reshape', () => {
  it.each([
    ['an axis of one, after the one before it', [2, 3], [1, 0], [2, 1, 3], [2, 0, 1]],
    ['axes that lie together', [2, 3, 4], [1, 2, 0], [2, 12], [1, 0]],
    ['an axis in two', [6, 4], [1, 0], [2, 3, 4], [2, 0, 1]],
    ['axes that do not', [2, 3, 4], [1, 2, 0], [6, 4], null],
    ['axes that lie together in another order', [2, 3, 4], [0, 2, 1], [2, 12], null],
    ['axes of which several become several', [2, 6, 5], [2, 0, 1], [3, 4, 5], [2, 0, 1]],
  ])('%s', (_, from, order, to, expected) => {
    expect(orderReshaped(from, order, to)).toEqual(expected);
  });
});
