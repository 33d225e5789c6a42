import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  createCompiledEngine,
  createEagerEngine,
  type TensorFunction,
  type TensorSpec,
} from '../../../policies/engine/index.ts';
import { LOWERED } from '../../../policies/engine/trace/lowering.ts';
import { randomInputs, relativeError, runOn } from '../../support/engines.ts';

/** Relative error allowed between two f32 implementations of the same formula. */
const TOLERANCE = 2e-5;

interface Case {
  readonly name: string;
  readonly kernels: readonly string[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly run: (x: Record<string, Tensor>) => Tensor | Record<string, Tensor>;
  readonly dtypes?: Readonly<Record<string, 'int32'>>;
}

const pair = { a: [3, 4, 5], b: [4, 1] };
const one = { x: [2, 6, 4] };
const positive = (x: Tensor) => tf.add(tf.abs(x), 0.1);

const CASES: readonly Case[] = [
  {
    name: 'a + a + b',
    kernels: ['AddN'],
    shapes: { a: [2, 3], b: [2, 3] },
    run: ({ a, b }) => tf.addN([a, a, b]),
  },
  { name: 'a + b', kernels: ['Add'], shapes: pair, run: ({ a, b }) => tf.add(a, b) },
  { name: 'a − b', kernels: ['Sub'], shapes: pair, run: ({ a, b }) => tf.sub(a, b) },
  { name: 'a · b', kernels: ['Multiply'], shapes: pair, run: ({ a, b }) => tf.mul(a, b) },
  {
    name: 'a / b',
    kernels: ['RealDiv', 'Abs'],
    shapes: pair,
    run: ({ a, b }) => tf.div(a, positive(b)),
  },
  { name: 'max(a, b)', kernels: ['Maximum'], shapes: pair, run: ({ a, b }) => tf.maximum(a, b) },
  { name: 'min(a, b)', kernels: ['Minimum'], shapes: pair, run: ({ a, b }) => tf.minimum(a, b) },
  { name: 'a^b', kernels: ['Pow'], shapes: pair, run: ({ a, b }) => tf.pow(positive(a), b) },
  {
    name: '(a − b)²',
    kernels: ['SquaredDifference'],
    shapes: pair,
    run: ({ a, b }) => tf.squaredDifference(a, b),
  },
  ...(
    [
      ['Greater', tf.greater],
      ['GreaterEqual', tf.greaterEqual],
      ['Less', tf.less],
      ['LessEqual', tf.lessEqual],
      ['Equal', tf.equal],
    ] as const
  ).map(([kernel, compare]) => ({
    name: `where(${kernel}(a, b), a, 2a)`,
    kernels: [kernel, 'Select'],
    shapes: { a: [3, 4], b: [3, 4] },
    run: ({ a, b }: Record<string, Tensor>) =>
      // Equal neighbours occur: both are rounded to halves.
      tf.where(compare(tf.relu(a), tf.relu(b)), a, tf.mul(a, 2)),
  })),
  {
    name: 'where(a > 0 and b > 0, …)',
    kernels: ['LogicalAnd'],
    shapes: { a: [3, 4], b: [3, 4] },
    run: ({ a, b }) => tf.where(tf.logicalAnd(tf.greater(a, 0), tf.greater(b, 0)), a, b),
  },
  ...(
    [
      ['Cos', tf.cos],
      ['Erf', tf.erf],
      ['Exp', tf.exp],
      ['Neg', tf.neg],
      ['Relu', tf.relu],
      ['Sigmoid', tf.sigmoid],
      ['Sign', tf.sign],
      ['Sin', tf.sin],
      ['Softplus', tf.softplus],
      ['Square', tf.square],
      ['Tanh', tf.tanh],
      ['Step', tf.step],
      ['Softmax', tf.softmax],
      ['ZerosLike', tf.zerosLike],
      ['OnesLike', tf.onesLike],
      ['Identity', tf.clone],
    ] as const
  ).map(([kernel, op]) => ({
    name: kernel,
    kernels: [kernel],
    shapes: one,
    run: ({ x }: Record<string, Tensor>) => tf.add(op(x), tf.mul(x, 0.5)),
  })),
  ...(
    [
      ['Log', tf.log],
      ['Sqrt', tf.sqrt],
      ['Rsqrt', tf.rsqrt],
      ['Reciprocal', tf.reciprocal],
    ] as const
  ).map(([kernel, op]) => ({
    name: kernel,
    kernels: [kernel],
    shapes: one,
    run: ({ x }: Record<string, Tensor>) => op(positive(x)),
  })),
  {
    name: 'cast to int32 and back',
    kernels: ['Cast'],
    shapes: one,
    run: ({ x }) => tf.cast(tf.cast(tf.mul(x, 3), 'int32'), 'float32'),
  },
  {
    name: 'clip',
    kernels: ['ClipByValue'],
    shapes: one,
    run: ({ x }) => tf.clipByValue(x, -0.5, 0.7),
  },
  {
    name: 'reshape, expand, transpose, concatenate, split, slice',
    kernels: ['Reshape', 'ExpandDims', 'Transpose', 'Concat', 'SplitV', 'Slice'],
    shapes: one,
    run: ({ x }) => {
      const turned = tf.transpose(x, [2, 0, 1]);
      const [left, right] = tf.split(tf.reshape(turned, [8, 6]), [2, 4], 1);
      const joined = tf.concat([right, left], 1);
      return { joined, part: tf.expandDims(tf.slice(joined, [1, 2], [3, 2]), 1) };
    },
  },
  {
    name: 'transpose that moves only axes of length one',
    kernels: ['Transpose'],
    shapes: { x: [1, 6, 1, 4] },
    run: ({ x }) => tf.transpose(x, [1, 2, 0, 3]),
  },
  {
    name: 'pad, tile, gather, fill',
    kernels: ['PadV2', 'Tile', 'GatherV2', 'Fill'],
    shapes: { x: [2, 3, 4], indices: [5] },
    dtypes: { indices: 'int32' },
    run: ({ x, indices }) => ({
      padded: tf.pad(
        x as Tensor3D,
        [
          [0, 0],
          [1, 2],
          [0, 1],
        ],
        3,
      ),
      tiled: tf.tile(x, [2, 1, 3]),
      gathered: tf.gather(x, indices as tf.Tensor1D, 1),
      filled: tf.mul(x, tf.fill([2, 3, 4], 2)),
    }),
  },
  {
    name: 'sum, mean and maximum over axes',
    kernels: ['Sum', 'Mean', 'Max'],
    shapes: one,
    run: ({ x }) => ({
      all: tf.sum(x),
      kept: tf.sum(x, [0, 2], true),
      mean: tf.mean(x, 1),
      largest: tf.max(x, -1),
    }),
  },
  {
    name: 'matrix products, transposed or not, batched or not',
    kernels: ['BatchMatMul'],
    shapes: { a: [3, 4], b: [4, 5], c: [2, 3, 4], d: [2, 5, 4] },
    run: ({ a, b, c, d }) => ({
      plain: tf.matMul(a, b),
      left: tf.matMul(a, tf.matMul(a, b), true, false),
      right: tf.matMul(b, b, false, true),
      batched: tf.matMul(c, d, false, true),
      batchedLeft: tf.matMul(c, c, true, false),
      shared: tf.matMul(c, b),
      sharedLeft: tf.matMul(c, a, true, false),
      sharedRight: tf.matMul(c, a, false, true),
    }),
  },
  ...(
    [
      [5, 1, 'same', 8],
      [3, 2, 'same', 8],
      [3, 2, 'same', 7],
      [4, 1, 'same', 6],
      [1, 1, 'same', 5],
      [3, 1, 'valid', 9],
      [3, 2, 'valid', 9],
    ] as const
  ).map(([kernel, stride, padding, time]) => ({
    name: `convolution over ${time} steps, kernel ${kernel}, stride ${stride}, ${padding}: gradients too`,
    kernels: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
    shapes: { x: [2, time, 3], filter: [kernel, 3, 4] },
    run: ({ x, filter }: Record<string, Tensor>) => {
      const convolve = (...args: Tensor[]) => {
        const y = tf.conv1d(args[0] as Tensor3D, args[1] as Tensor3D, stride, padding);
        return tf.sum(tf.mul(y, tf.sin(y))) as tf.Scalar;
      };
      const { value, grads } = tf.valueAndGrads(convolve)([x, filter]);
      return { value, dx: grads[0], dFilter: grads[1] };
    },
  })),
];

/** Shapes at which fewer products than plain columns are used, and their neighbours. */
const FAST: readonly Case[] = (
  [
    [5, 3],
    [5, 4],
    [5, 8],
    [3, 4],
    [5, 6],
    [7, 25],
    [3, 32],
    [9, 8],
  ] as const
).map(([kernel, time]) => ({
  name: `wide convolution over ${time} steps, kernel ${kernel}: gradients too`,
  kernels: ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
  shapes: { x: [16, time, 32], filter: [kernel, 32, 36] },
  run: ({ x, filter }) => {
    const convolve = (...args: Tensor[]) => {
      const y = tf.conv1d(args[0] as Tensor3D, args[1] as Tensor3D, 1, 'same');
      return tf.mean(tf.mul(y, tf.sin(y))) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(convolve)([x, tf.mul(filter, 0.1)]);
    return { value, dx: grads[0], dFilter: grads[1] };
  },
}));

function specsOf({ shapes, dtypes = {} }: Case): TensorSpec[] {
  return Object.entries(shapes).map(([name, shape]) => {
    const dtype = dtypes[name];
    return dtype ? { name, shape, dtype } : { name, shape };
  });
}

function functionOf({ run }: Case): TensorFunction {
  return (inputs) => {
    const result = run(inputs);
    return result instanceof tf.Tensor ? { result } : result;
  };
}

describe('a lowering', () => {
  it.each([...CASES, ...FAST])('computes $name as TensorFlow.js does', async (example) => {
    const specs = specsOf(example);
    const fn = functionOf(example);
    const eager = await createEagerEngine('cpu');
    const compiled = createCompiledEngine();
    for (const seed of [1, 2, 3]) {
      const inputs = randomInputs(specs, seed);
      const expected = await runOn(eager, fn, specs, inputs);
      const actual = await runOn(compiled, fn, specs, inputs);
      expect(Object.keys(actual)).toEqual(Object.keys(expected));
      for (const [name, values] of Object.entries(expected)) {
        expect(relativeError(actual[name], values), name).toBeLessThan(TOLERANCE);
      }
    }
  });

  it('is tested for every kernel that has one', () => {
    const tested = new Set(CASES.flatMap(({ kernels }) => kernels));
    expect([...LOWERED].filter((kernel) => !tested.has(kernel))).toEqual([]);
  });
});
