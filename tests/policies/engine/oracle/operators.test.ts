import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../../policies/engine/graph/graph.ts';
import { erf, OPERATORS } from './operators.ts';
import type { Float64Tensor } from './tensor.ts';

const tensor = (shape: number[], ...data: number[]): Float64Tensor => ({
  shape,
  data: Float64Array.from(data),
});
const ints = (...data: number[]) => tensor([data.length], ...data);

function run(
  op: string,
  inputs: readonly Float64Tensor[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
) {
  return OPERATORS[op](inputs, attributes).map(({ shape, data }) => [[...shape], [...data]]);
}

const M = tensor([2, 3], 1, 2, 3, 4, 5, 6);

// Inputs and results are those of the examples in ONNX's Operators.md, or worked out by hand.
describe('the oracle', () => {
  it.each([
    [-3, -0.9999779095030014],
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [5, 0.9999999999984626],
  ])('knows erf(%d) to 14 digits, Abramowitz and Stegun, table 7.1', (x, y) => {
    expect(erf(x)).toBeCloseTo(y, 14);
  });

  it('broadcasts from the last axis on', () => {
    expect(run('Add', [M, ints(10, 20, 30)])).toEqual([
      [
        [2, 3],
        [11, 22, 33, 14, 25, 36],
      ],
    ]);
    expect(run('Sub', [M, tensor([2, 1], 1, 4)])).toEqual([
      [
        [2, 3],
        [0, 1, 2, 0, 1, 2],
      ],
    ]);
    expect(run('Mul', [tensor([], 2), ints(1, 2)])).toEqual([[[2], [2, 4]]]);
    expect(() => run('Add', [M, ints(1, 2)])).toThrow(RangeError);
  });

  it('multiplies matrices, transposed or not, with a bias or without', () => {
    const square = [14, 32, 32, 77];
    expect(run('Gemm', [M, M], { transB: 1 })).toEqual([[[2, 2], square]]);
    expect(run('Gemm', [M, M, ints(1, 2)], { transB: 1 })).toEqual([
      [
        [2, 2],
        [15, 34, 33, 79],
      ],
    ]);
    const gram = [17, 22, 27, 22, 29, 36, 27, 36, 45];
    expect(run('FusedMatMul', [M, M], { transA: 1 })).toEqual([[[3, 3], gram]]);
    const stack = tensor([2, 1, 2], 1, 0, 0, 1);
    expect(run('MatMul', [stack, M])).toEqual([
      [
        [2, 1, 3],
        [1, 2, 3, 4, 5, 6],
      ],
    ]);
  });

  it('convolves channels over places, with zeros around them and strides', () => {
    const x = tensor([1, 1, 3, 3], 0, 1, 2, 3, 4, 5, 6, 7, 8);
    const filter = tensor([1, 1, 2, 2], 1, 1, 1, 1);
    const attributes = { pads: [0, 0, 0, 0], strides: [1, 1] };
    expect(run('Conv', [x, filter], attributes)).toEqual([
      [
        [1, 1, 2, 2],
        [8, 12, 20, 24],
      ],
    ]);
    expect(run('Conv', [x, filter, ints(1)], { pads: [1, 1, 0, 0], strides: [2, 2] })).toEqual([
      [
        [1, 1, 2, 2],
        [1, 4, 10, 25],
      ],
    ]);
    const two = tensor([1, 2, 1, 2], 1, 2, 3, 4);
    expect(run('Conv', [two, tensor([1, 2, 1, 1], 10, 1)], attributes)).toEqual([
      [
        [1, 1, 1, 2],
        [13, 24],
      ],
    ]);
  });

  it('normalises the places of a channel, and by what a batch was normalised with', () => {
    const x = tensor([1, 2, 2], 1, 3, 5, 5);
    expect(run('InstanceNormalization', [x, ints(10, 1), ints(0, 7)], { epsilon: 0.25 })).toEqual([
      [
        [1, 2, 2],
        [-10 / Math.sqrt(1.25), 10 / Math.sqrt(1.25), 7, 7],
      ],
    ]);
    const vectors = [ints(2, 3), ints(1, 0), ints(1, 5), ints(3, 1)];
    expect(run('BatchNormalization', [x, ...vectors], { epsilon: 1 })).toEqual([
      [
        [1, 2, 2],
        [1, 3, 0, 0],
      ],
    ]);
  });

  it('gates a number by its own sigmoid', () => {
    const [[, [zero, one]]] = run('QuickGelu', [ints(0, Math.log(3))], { alpha: 2 });
    expect(zero).toBe(0);
    expect(one).toBeCloseTo(0.9 * Math.log(3), 14);
  });

  it('reduces along axes, which stay or go', () => {
    expect(run('ReduceSum', [M, ints(1)], { keepdims: 1 })).toEqual([
      [
        [2, 1],
        [6, 15],
      ],
    ]);
    expect(run('ReduceMean', [M, ints(0)], { keepdims: 0 })).toEqual([[[3], [2.5, 3.5, 4.5]]]);
    expect(run('ReduceMax', [M, ints(0, 1)], { keepdims: 0 })).toEqual([[[], [6]]]);
  });

  it('gives shares that add up to one, as e to the number', () => {
    const [[, shares]] = run('Softmax', [tensor([1, 3], -1, 0, 1)], { axis: -1 });
    [0.09003057, 0.24472847, 0.66524096].forEach((share, i) => {
      expect(shares[i]).toBeCloseTo(share, 8);
    });
    const [[, far]] = run('Softmax', [ints(1000, 1000)], {});
    expect(far).toEqual([0.5, 0.5]);
  });

  it('rounds casts to whole numbers towards zero', () => {
    const x = ints(-1.5, -0.5, 0, 2.7);
    expect(run('Cast', [x], { to: 6 })).toEqual([[[4], [-1, -0, 0, 2]]]);
    expect(run('Cast', [x], { to: 9 })).toEqual([[[4], [1, 1, 0, 1]]]);
    expect(run('Cast', [x], { to: 1 })).toEqual([[[4], [-1.5, -0.5, 0, 2.7]]]);
  });

  it('moves numbers', () => {
    expect(run('Transpose', [M], { perm: [1, 0] })).toEqual([
      [
        [3, 2],
        [1, 4, 2, 5, 3, 6],
      ],
    ]);
    expect(run('Slice', [M, ints(0, 1), ints(2, -1), ints(0, 1)])).toEqual([
      [
        [2, 1],
        [2, 5],
      ],
    ]);
    expect(run('Split', [M, ints(1, 2)], { axis: 1 })).toEqual([
      [
        [2, 1],
        [1, 4],
      ],
      [
        [2, 2],
        [2, 3, 5, 6],
      ],
    ]);
    expect(run('Concat', [M, tensor([2, 1], 7, 8)], { axis: -1 })).toEqual([
      [
        [2, 4],
        [1, 2, 3, 7, 4, 5, 6, 8],
      ],
    ]);
    expect(run('Pad', [ints(1, 2), ints(1, 2), tensor([], 9)])).toEqual([[[5], [9, 1, 2, 9, 9]]]);
    expect(run('Tile', [tensor([1, 2], 1, 2), ints(2, 2)])).toEqual([
      [
        [2, 4],
        [1, 2, 1, 2, 1, 2, 1, 2],
      ],
    ]);
    expect(run('Gather', [M, tensor([1, 2], 2, -3)], { axis: 1 })).toEqual([
      [
        [2, 1, 2],
        [3, 1, 6, 4],
      ],
    ]);
  });

  it('stays finite where e to the number does not', () => {
    expect(run('Softplus', [ints(1000, 0, -1000)])).toEqual([[[3], [1000, Math.LN2, 0]]]);
    expect(run('Sigmoid', [ints(1000, 0, -1000)])).toEqual([[[3], [1, 0.5, 0]]]);
  });
});
