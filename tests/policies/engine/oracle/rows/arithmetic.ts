import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';
import tf from '#tensorflow';
import type { ExampleInput, LoweringRow } from '../lowerings.ts';
import {
  below,
  broadcasting,
  extent,
  halves,
  normal,
  positive,
  shapes,
  wide,
} from './arbitraries.ts';

type Draw = ExampleInput['draw'];
type Op1 = (x: Tensor) => Tensor;
type Op2 = (a: Tensor, b: Tensor) => Tensor;
type Bounds = Pick<LoweringRow, 'tolerance' | 'gradient'>;

/** A few roundings of a number near one; transcendental functions cost engines a few more. */
const ROUNDED: Bounds = { tolerance: 1e-6, gradient: 2e-6 };
const EXACT: Bounds = { tolerance: 0, gradient: 0 };
/** True or false. */
const TRUTH: Bounds = { tolerance: 0, gradient: null };

function unary(kernel: string, op: Op1, draw: Draw, bounds: Bounds): LoweringRow {
  const examples = shapes().map((shape) => ({
    inputs: { x: { shape, draw } },
    run: ({ x }: Record<string, Tensor>) => op(x),
  }));
  return { kernel, ...bounds, examples };
}

type Shapes = fc.Arbitrary<{ a: number[]; b: number[] }>;

const pairs = (op: Op2, of: Shapes, [a, b]: [Draw, Draw] = [normal, normal]) =>
  of.map((shape) => ({
    inputs: { a: { shape: shape.a, draw: a }, b: { shape: shape.b, draw: b } },
    run: (x: Record<string, Tensor>) => op(x.a, x.b),
  }));

function binary(kernel: string, op: Op2, draws: [Draw, Draw], bounds: Bounds): LoweringRow {
  return { kernel, ...bounds, examples: pairs(op, broadcasting, draws) };
}

/** Kernels whose gradient TensorFlow.js has for equal shapes alone: it leaves out the sums. */
function unsummed(kernel: string, op: Op2, bounds: Bounds): LoweringRow[] {
  const equal = shapes().map((shape) => ({ a: shape, b: shape }));
  const unequal = broadcasting.filter(({ a, b }) => a.join() !== b.join());
  return [
    { kernel, ...bounds, examples: pairs(op, equal) },
    { kernel, variant: 'broadcast', ...bounds, gradient: null, examples: pairs(op, unequal) },
  ];
}

const normals: [Draw, Draw] = [normal, normal];
/** 0 and 1: programs take no truth values. */
const truth = (shape: number[]): ExampleInput => ({ shape, draw: below(2), dtype: 'int32' });
const ties: [Draw, Draw] = [halves, halves];

export const ARITHMETIC_ROWS: readonly LoweringRow[] = [
  // Where a tensor was broadcast its gradient is a sum.
  binary('Add', tf.add, normals, { tolerance: 1e-7, gradient: 2e-6 }),
  binary('Sub', tf.sub, normals, { tolerance: 1e-7, gradient: 2e-6 }),
  binary('Multiply', tf.mul, normals, { tolerance: 1e-7, gradient: 2e-6 }),
  binary('RealDiv', tf.div, [normal, positive], { tolerance: 1e-7, gradient: 5e-6 }),
  binary('Pow', tf.pow, [positive, normal], { tolerance: 2e-6, gradient: 1e-5 }),
  ...unsummed('Maximum', tf.maximum, EXACT),
  ...unsummed('Minimum', tf.minimum, EXACT),
  ...unsummed('SquaredDifference', tf.squaredDifference, ROUNDED),
  {
    kernel: 'AddN',
    tolerance: 1e-6,
    gradient: 0,
    examples: fc.record({ shape: shapes(), count: extent(4) }).map(({ shape, count }) => ({
      inputs: Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`x${i}`, { shape, draw: normal }]),
      ),
      run: (x) => tf.addN(Object.values(x)),
    })),
  },

  binary('Greater', tf.greater, ties, TRUTH),
  binary('GreaterEqual', tf.greaterEqual, ties, TRUTH),
  binary('Less', tf.less, ties, TRUTH),
  binary('LessEqual', tf.lessEqual, ties, TRUTH),
  binary('Equal', tf.equal, ties, TRUTH),
  {
    kernel: 'LogicalAnd',
    ...TRUTH,
    also: ['Cast'],
    examples: broadcasting.map(({ a, b }) => ({
      inputs: { a: truth(a), b: truth(b) },
      run: (x) => tf.logicalAnd(tf.cast(x.a, 'bool'), tf.cast(x.b, 'bool')),
    })),
  },
  {
    kernel: 'LogicalNot',
    ...TRUTH,
    also: ['Cast'],
    examples: shapes().map((shape) => ({
      inputs: { x: truth(shape) },
      run: ({ x }) => tf.logicalNot(tf.cast(x, 'bool')),
    })),
  },
  {
    kernel: 'Select',
    ...EXACT,
    also: ['Cast', 'Identity'],
    examples: shapes().map((shape) => ({
      inputs: {
        condition: truth(shape),
        yes: { shape, draw: normal },
        no: { shape, draw: normal },
      },
      run: ({ condition, yes, no }) => tf.where(tf.cast(condition, 'bool'), yes, no),
    })),
  },

  unary('Abs', tf.abs, normal, EXACT),
  unary('Neg', tf.neg, normal, EXACT),
  unary('Relu', tf.relu, normal, EXACT),
  unary('Sign', tf.sign, normal, EXACT),
  unary('Identity', tf.clone, normal, EXACT),
  unary('ZerosLike', tf.zerosLike, normal, EXACT),
  unary('OnesLike', tf.onesLike, normal, EXACT),
  {
    kernel: 'Step',
    ...EXACT,
    examples: fc.record({ shape: shapes(), alpha: fc.constantFrom(0, 0.25) }).map((example) => ({
      inputs: { x: { shape: example.shape, draw: normal } },
      run: ({ x }) => tf.step(x, example.alpha),
    })),
  },
  {
    kernel: 'ClipByValue',
    ...EXACT,
    examples: shapes().map((shape) => ({
      inputs: { x: { shape, draw: normal } },
      run: ({ x }) => tf.clipByValue(x, -0.5, 0.75),
    })),
  },
  {
    kernel: 'Cast',
    tolerance: 0,
    gradient: null,
    examples: fc
      .record({ shape: shapes(), to: fc.constantFrom('int32', 'bool', 'float32') })
      .map(({ shape, to }) => ({
        inputs: {
          x:
            to === 'float32'
              ? { shape, draw: (random) => random.below(9) - 4, dtype: 'int32' }
              : { shape, draw: (random) => 3 * halves(random) },
        },
        run: ({ x }) => tf.cast(x, to),
      })),
  },

  unary('Square', tf.square, normal, { tolerance: 1e-7, gradient: 2e-7 }),
  unary('Sqrt', tf.sqrt, positive, ROUNDED),
  unary('Rsqrt', tf.rsqrt, positive, ROUNDED),
  unary('Reciprocal', tf.reciprocal, positive, ROUNDED),
  unary('Exp', tf.exp, normal, ROUNDED),
  unary('Log', tf.log, positive, ROUNDED),
  unary('Sin', tf.sin, wide, ROUNDED),
  unary('Cos', tf.cos, wide, ROUNDED),
  unary('Tanh', tf.tanh, wide, ROUNDED),
  unary('Sigmoid', tf.sigmoid, wide, ROUNDED),
  unary('Softplus', tf.softplus, wide, ROUNDED),
  unary('Erf', tf.erf, normal, ROUNDED),
];
