import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import {
  createCompiledEngine,
  createEagerEngine,
  type TensorFunction,
  type TensorMap,
} from '../../../policies/engine/index.ts';
import { foldBias } from '../../../policies/engine/passes/bias.ts';
import { eliminateCommonSubexpressions } from '../../../policies/engine/passes/common-subexpressions.ts';
import { eliminateDeadCode } from '../../../policies/engine/passes/dead-code.ts';
import { optimize } from '../../../policies/engine/passes/index.ts';
import { joinProducts } from '../../../policies/engine/passes/joined-products.ts';
import { eliminateNoOps } from '../../../policies/engine/passes/no-ops.ts';
import { carryReshapes } from '../../../policies/engine/passes/reshapes.ts';
import { splitProducts } from '../../../policies/engine/passes/split-products.ts';
import { varyingValues } from '../../../policies/engine/passes/varying.ts';
import { trace } from '../../../policies/engine/trace/trace.ts';
import { randomInputs, relativeError, runOn } from '../../support/engines.ts';
import { interpret } from './oracle/interpret.ts';

const X = [{ name: 'x', shape: [2, 3] }];
const graphOf = (fn: TensorFunction) => trace(fn, X);

describe('dead-code elimination', () => {
  it('drops what no output depends on, constants too, and keeps the signature', async () => {
    const graph = await graphOf(({ x }) => {
      tf.matMul(x, tf.ones([3, 4]));
      return { y: tf.square(tf.neg(x)) };
    });
    const clean = eliminateDeadCode(graph);
    expect(clean.nodes.map(({ op }) => op)).toEqual(['Neg', 'Mul']);
    expect(clean.constants.size).toBe(0);
    expect(clean.inputs).toEqual(graph.inputs);
  });
});

describe('common-subexpression elimination', () => {
  it('computes an expression once, and what follows from it too', async () => {
    const graph = await graphOf(({ x }) => {
      const a = tf.exp(tf.add(x, 1));
      const b = tf.exp(tf.add(x, 1));
      return { y: tf.mul(a, b) };
    });
    const clean = eliminateCommonSubexpressions(graph);
    expect(clean.nodes.map(({ op }) => op)).toEqual(['Add', 'Exp', 'Mul']);
  });

  it('tells attributes, constants and zeros of different sign apart', async () => {
    const graph = await graphOf(({ x }) => ({
      a: tf.max(x, 0),
      b: tf.max(x, 1),
      c: tf.max(x, 1, true),
      d: tf.maximum(x, 0),
      e: tf.maximum(x, -0),
    }));
    expect(eliminateCommonSubexpressions(graph).nodes).toHaveLength(5);
  });
});

describe('no-op elimination', () => {
  it('removes reshapes to the same shape and chains of reshapes', async () => {
    const graph = await graphOf(({ x }) => {
      const there = tf.reshape(tf.reshape(tf.reshape(x, [6]), [3, 2]), [1, 6]);
      return { y: tf.neg(tf.reshape(there, [2, 3])) };
    });
    const clean = eliminateDeadCode(eliminateNoOps(graph));
    expect(clean.nodes.map(({ op }) => op)).toEqual(['Neg']);
  });

  it('removes adding zeros, multiplying by ones and repeating once', async () => {
    const graph = await graphOf(({ x }) => {
      const sums = [tf.add(x, 0), tf.add(tf.zeros([2, 3]), x), tf.sub(x, 0)];
      const products = [tf.mul(x, 1), tf.mul(tf.ones([3]), x), tf.div(x, 1), tf.tile(x, [1, 1])];
      return Object.fromEntries([...sums, ...products].map((value, i) => [`y${i}`, value]));
    });
    const clean = eliminateNoOps(graph);
    expect(clean.nodes).toEqual([]);
    expect(new Set(clean.outputs.map(({ value }) => value))).toEqual(
      new Set(graph.inputs.map(({ value }) => value)),
    );
  });

  it('keeps a difference from zero, a quotient of one, and sums that widen', async () => {
    const graph = await graphOf(({ x }) => ({
      a: tf.sub(0, x),
      b: tf.div(1, x),
      c: tf.add(x, tf.zeros([4, 2, 3])),
      d: tf.mul(x, tf.ones([4, 2, 3])),
      e: tf.mul(x, tf.tensor1d([1, 1, 2])),
    }));
    expect(eliminateNoOps(graph).nodes.filter(({ op }) => op !== 'Reshape')).toHaveLength(5);
  });

  it('removes transposes that undo one another, and no others', async () => {
    const specs = [{ name: 'x', shape: [2, 3, 4] }];
    const turn = (...perms: number[][]): TensorFunction => {
      return ({ x }) => ({ y: perms.reduce((y, perm) => tf.transpose(y, perm), tf.neg(x)) });
    };
    const left = async (fn: TensorFunction) =>
      eliminateDeadCode(eliminateNoOps(await trace(fn, specs))).nodes.map(({ op }) => op);
    expect(await left(turn([1, 0, 2], [1, 0, 2]))).toEqual(['Neg']);
    expect(await left(turn([1, 2, 0], [2, 0, 1]))).toEqual(['Neg']);
    expect(await left(turn([1, 2, 0], [1, 2, 0]))).toEqual(['Neg', 'Transpose', 'Transpose']);
  });

  it('keeps what moves numbers or changes their type', async () => {
    const graph = await graphOf(({ x }) => ({
      a: tf.transpose(x),
      b: tf.cast(x, 'int32'),
      c: tf.reshape(x, [6]),
    }));
    expect(eliminateNoOps(graph).nodes).toHaveLength(3);
  });
});

describe('bias folding', () => {
  const specs = [
    { name: 'x', shape: [2, 5, 3] },
    { name: 'w', shape: [3, 4] },
    { name: 'b', shape: [4] },
  ];
  const affine: TensorFunction = ({ x, w, b }) => ({
    y: tf.add(b, tf.reshape(tf.matMul(tf.reshape(x, [10, 3]), w as tf.Tensor2D), [2, 5, 4])),
  });

  it('lets a matrix product begin from the bias, through a reshape', async () => {
    const graph = foldBias(eliminateDeadCode(eliminateNoOps(await trace(affine, specs))));
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Reshape', 'Gemm', 'Reshape']);
    expect(graph.nodes[1].inputs).toHaveLength(3);
  });

  it('computes the same numbers', async () => {
    const inputs = randomInputs(specs, 1);
    const compiled = await runOn(createCompiledEngine(), affine, specs, inputs);
    const eager = await runOn(await createEagerEngine('cpu'), affine, specs, inputs);
    expect(relativeError(compiled.y, eager.y)).toBeLessThan(1e-6);
  });

  describe('where a row of the product holds the columns several times', () => {
    const mixing: TensorFunction = ({ x, m, b }) => {
      const mixed = tf.matMul(m as tf.Tensor2D, x.reshape([x.shape[0], -1]) as tf.Tensor2D);
      return { y: tf.add(mixed.reshape([-1, 32, 16]), b) };
    };
    const mixingSpecs = (from: number, to: number) => [
      { name: 'x', shape: [from, 32, 16] },
      { name: 'm', shape: [to, from] },
      { name: 'b', shape: [16] },
    ];
    const foldedOps = async (from: number, to: number) => {
      const graph = foldBias(
        eliminateDeadCode(eliminateNoOps(await trace(mixing, mixingSpecs(from, to)))),
      );
      return graph.nodes.map(({ op }) => op);
    };

    it('repeats the bias as often', async () => {
      expect(await foldedOps(6, 5)).toEqual(['Reshape', 'Tile', 'Gemm', 'Reshape']);
    });

    it('repeats it through a transpose of whole rows, and leaves it alone through any other', async () => {
      const apart = (perm: number[]): TensorFunction =>
        function moved({ x, m, b }) {
          const mixed = tf.matMul(m as tf.Tensor2D, x as tf.Tensor2D);
          return { y: tf.add(tf.transpose(tf.reshape(mixed, [3, 4, 4, 16]), perm), b) };
        };
      const specs = [
        { name: 'x', shape: [5, 256] },
        { name: 'm', shape: [3, 5] },
        { name: 'b', shape: [16] },
      ];
      const ops = async (perm: number[]) => {
        const graph = foldBias(eliminateNoOps(await trace(apart(perm), specs)));
        return graph.nodes.map(({ op }) => op);
      };
      expect(await ops([1, 0, 2, 3])).not.toContain('Add');
      const inputs = randomInputs(specs, 1);
      const compiled = await runOn(createCompiledEngine(), apart([1, 0, 2, 3]), specs, inputs);
      const eager = await runOn(await createEagerEngine('cpu'), apart([1, 0, 2, 3]), specs, inputs);
      expect(relativeError(compiled.y, eager.y)).toBeLessThan(1e-6);
      const columns: TensorFunction = ({ x, m, b }) => {
        const mixed = tf.matMul(m as tf.Tensor2D, x as tf.Tensor2D);
        return { y: tf.add(tf.transpose(tf.reshape(mixed, [3, 16, 16]), [0, 2, 1]), b) };
      };
      const graph = foldBias(eliminateNoOps(await trace(columns, specs)));
      expect(graph.nodes.map(({ op }) => op)).toContain('Add');
    });

    it('gives the bits of adding it afterwards', async () => {
      for (const [from, to] of [
        [1, 2],
        [6, 5],
        [32, 64],
        [64, 32],
        [128, 7],
      ]) {
        const specs = mixingSpecs(from, to);
        const inputs = randomInputs(specs, from);
        const engine = createCompiledEngine();
        const { y } = await runOn(engine, mixing, specs, inputs);
        // Read twice, the product is left alone.
        const apart = await runOn(
          engine,
          ({ x, m, b }) => {
            const product = tf.matMul(m as tf.Tensor2D, x.reshape([from, -1]) as tf.Tensor2D);
            return { y: tf.add(product.reshape([-1, 32, 16]), b), product };
          },
          specs,
          inputs,
        );
        expect(y, `[${from}] → [${to}]`).toEqual(apart.y);
      }
    });

    it('leaves it alone where bits would change: for long sums and single rows', async () => {
      expect(await foldedOps(129, 5)).toContain('Add');
      expect(await foldedOps(6, 1)).toContain('Add');
    });
  });

  it('leaves a product alone that is read twice, and a sum over another axis', async () => {
    const square = [
      { name: 'x', shape: [4, 4] },
      { name: 'b', shape: [4] },
    ];
    const twice = await trace(({ x, b }) => {
      const product = tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D);
      return { y: tf.add(product, b), z: tf.neg(product) };
    }, square);
    const column = await trace(({ x, b }) => {
      const product = tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D);
      return { y: tf.add(product, tf.reshape(b, [4, 1])) };
    }, square);
    for (const graph of [twice, column]) {
      const clean = eliminateNoOps(graph);
      expect(foldBias(clean).nodes).toHaveLength(clean.nodes.length);
    }
  });

  it('leaves a bias alone that is made after the product', async () => {
    const graph = await trace(({ x, w, b }) => {
      const product = tf.matMul(tf.reshape(x, [10, 3]), w as tf.Tensor2D);
      return { y: tf.add(product, tf.mul(b, tf.mean(product))) };
    }, specs);
    const clean = eliminateNoOps(graph);
    expect(foldBias(clean).nodes).toHaveLength(clean.nodes.length);
  });
});

describe('carrying reshapes', () => {
  const specs = [
    { name: 'x', shape: [4, 6] },
    { name: 'w', shape: [6, 6] },
    { name: 'coefficients', shape: [2, 3] },
    { name: 'column', shape: [2, 1] },
  ];
  const carried = async (fn: TensorFunction, minSize = 1) => {
    const graph = carryReshapes(eliminateNoOps(await trace(fn, specs)), minSize);
    return eliminateDeadCode(graph).nodes.map(({ op, outputs }) => `${op} [${outputs[0].shape}]`);
  };
  /** Between two matrix products, in a shape of its own. */
  const between =
    (fn: (h: tf.Tensor, inputs: Record<string, tf.Tensor>) => tf.Tensor): TensorFunction =>
    (inputs) => {
      const product = (x: tf.Tensor) => tf.matMul(x as tf.Tensor2D, inputs.w as tf.Tensor2D);
      const y = fn(product(inputs.x).reshape([4, 2, 3]), inputs);
      return { y: product(y.reshape([4, 6])) };
    };

  it('lets those before and behind elementwise operators cancel', async () => {
    const fn = between((h) => tf.tanh(tf.sub(1, tf.mul(h, h))));
    expect(await carried(fn)).toEqual([
      'Gemm [4,6]',
      'Mul [4,6]',
      'Sub [4,6]',
      'Tanh [4,6]',
      'Gemm [4,6]',
    ]);
  });

  it('reshapes a smaller operand instead, where the same numbers meet', async () => {
    const fn = between((h, { coefficients }) => tf.mul(tf.exp(h), coefficients));
    expect(await carried(fn)).toEqual([
      'Gemm [4,6]',
      'Exp [4,6]',
      'Reshape [6]',
      'Mul [4,6]',
      'Gemm [4,6]',
    ]);
  });

  it('goes no further than an operand that is repeated along a part of an axis', async () => {
    const fn = between((h, { column }) => tf.mul(tf.exp(h), column));
    expect(await carried(fn)).toContain('Mul [4,2,3]');
  });

  it('adds none where a value is wanted in the shape it is reshaped to', async () => {
    const fn: TensorFunction = ({ x, w }) => {
      const there = tf.reshape(x, [2, 2, 6]);
      return {
        a: tf.exp(there),
        b: tf.neg(there),
        c: tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D),
      };
    };
    const reshapes = (await carried(fn)).filter((node) => node.startsWith('Reshape'));
    expect(reshapes).toHaveLength(1);
  });

  it('leaves small results alone', async () => {
    const fn = between((h) => tf.exp(h));
    expect(await carried(fn, 25)).toContain('Exp [4,2,3]');
    expect(await carried(fn, 24)).toContain('Exp [4,6]');
  });
});

describe('what is read of joined rows', () => {
  const STEPS = [1, 2];
  const weights = (columns: number, weight: number) =>
    tf.fill([5, columns], weight) as unknown as tf.Tensor2D;
  /** Two blocks told of a step and of an observation, in two steps. */
  const told =
    (timesOf: (inputs: TensorMap) => tf.Tensor[]): TensorFunction =>
    (inputs) => {
      const steps = timesOf(inputs).map((time) => {
        const rows = tf.concat([time, inputs.x], 1) as tf.Tensor2D;
        const gated = tf.mul(rows, tf.sigmoid(rows)) as tf.Tensor2D;
        const [scale, shift] = tf.split(
          tf.add(tf.matMul(gated, weights(6, 0.1)), [0, 1, 2, 3, 4, 5]),
          2,
          1,
        );
        const other = tf.add(tf.matMul(gated, weights(2, 0.2)), [7, 8]);
        return tf.addN([tf.add(scale, 1), shift, tf.tile(tf.sum(other, 1, true), [1, 3])]);
      });
      return { y: tf.concat(steps, 1) };
    };
  const X = [{ name: 'x', shape: [2, 3] }];
  const constant = told(() => STEPS.map((step) => tf.fill([2, 2], step)));
  const varying = told(({ a, b }) => [a, b]);
  const TIMES = ['a', 'b'].map((name) => ({ name, shape: [2, 2] }));

  it.each([
    ['the step is a constant', constant, X, 1],
    ['the step is an input', varying, [...X, ...TIMES], 1 + STEPS.length],
  ] as const)(
    'is asked of the observation once and of each step once, where %s',
    async (...row) => {
      const [, fn, specs, products] = row;
      const traced = await trace(fn, specs);
      const graph = optimize(traced, { fewRows: true });
      const inputs = randomInputs(specs, 4);
      expect(relativeError(interpret(graph, inputs).y, interpret(traced, inputs).y)).toBeLessThan(
        1e-7,
      );
      const varying = varyingValues(graph);
      const run = graph.nodes.filter(({ outputs }) => varying.has(outputs[0]));
      expect(run.filter(({ op }) => op === 'Gemm')).toHaveLength(products);
      expect(run.filter(({ op }) => op === 'Split')).toHaveLength(STEPS.length);
    },
  );

  it('is left as it is where one matrix alone takes the rows', async () => {
    const graph = await trace(({ x }) => {
      const rows = tf.concat([tf.fill([2, 2], 1), x], 1) as tf.Tensor2D;
      return { y: tf.add(tf.matMul(rows, weights(6, 0.1)), [0, 1, 2, 3, 4, 5]) };
    }, X);
    expect(splitProducts(graph)).toEqual(graph);
    expect(joinProducts(graph).nodes).toHaveLength(graph.nodes.length);
  });
});

describe('the bias of a convolution', () => {
  const specs = [{ name: 'x', shape: [1, 6, 3] }];
  const convolved = (x: tf.Tensor) =>
    tf.conv1d(x as tf.Tensor3D, tf.ones<tf.Rank.R3>([3, 3, 2]), 1, 'same');
  const additions = async (fn: TensorFunction) => {
    const graph = optimize(await trace(fn, specs, { fewRows: true }), { fewRows: true });
    return graph.nodes.filter(({ op }) => op === 'Add').length;
  };

  it('is its own where it is a vector along the channels, on either side', async () => {
    expect(await additions(({ x }) => ({ y: tf.add(convolved(x), [1, 2]) }))).toBe(0);
    expect(await additions(({ x }) => ({ y: tf.add([1, 2], convolved(x)) }))).toBe(0);
  });

  it('is added where it is anything else, or the sum without it is read as well', async () => {
    expect(await additions(({ x }) => ({ y: tf.add(convolved(x), 1) }))).toBe(1);
    expect(await additions(({ x }) => ({ y: tf.add(convolved(x), tf.ones([6, 1])) }))).toBe(1);
    const both: TensorFunction = ({ x }) => {
      const y = convolved(x);
      return { y, z: tf.add(y, [1, 2]) };
    };
    expect(await additions(both)).toBe(1);
  });
});
