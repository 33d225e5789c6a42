import tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { TensorFunction } from '../../../policies/engine/index.ts';
import { eliminateCommonSubexpressions } from '../../../policies/engine/passes/common-subexpressions.ts';
import { eliminateDeadCode } from '../../../policies/engine/passes/dead-code.ts';
import { optimize } from '../../../policies/engine/passes/index.ts';
import { eliminateNoOps } from '../../../policies/engine/passes/no-ops.ts';
import { trace } from '../../../policies/engine/trace/trace.ts';

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
      a: tf.sum(x, 0),
      b: tf.sum(x, 1),
      c: tf.sum(x, 1, true),
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

  it('keeps what moves numbers or changes their type', async () => {
    const graph = await graphOf(({ x }) => ({
      a: tf.transpose(x),
      b: tf.cast(x, 'int32'),
      c: tf.reshape(x, [6]),
    }));
    expect(eliminateNoOps(graph).nodes).toHaveLength(3);
  });
});

describe('all passes together', () => {
  it('let the backward pass of a convolution share its columns with the forward pass', async () => {
    const convolve: TensorFunction = ({ x, filter }) => {
      const loss = (...args: tf.Tensor[]) =>
        tf.sum(tf.square(tf.conv1d(args[0] as tf.Tensor3D, args[1] as tf.Tensor3D, 1, 'same')));
      const { grads } = tf.valueAndGrads(loss as (...args: tf.Tensor[]) => tf.Scalar)([x, filter]);
      return { dFilter: grads[1] };
    };
    const graph = await trace(convolve, [
      { name: 'x', shape: [2, 8, 3] },
      { name: 'filter', shape: [5, 3, 4] },
    ]);
    const gathers = optimize(graph).nodes.filter(({ op }) => op === 'Gather');
    expect(gathers).toHaveLength(1);
  });
});
