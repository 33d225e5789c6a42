import type { AttributeValue } from '../../../../policies/engine/graph/graph.ts';
import { sizeOf } from '../../../../policies/engine/index.ts';
import { broadcastShape, build, type Float64Tensor, placesIn, read } from './tensor.ts';

/** An ONNX operator as its specification words it. Absent optional inputs are left out. */
export type Operator = (
  inputs: readonly Float64Tensor[],
  attributes: Readonly<Record<string, AttributeValue>>,
) => readonly Float64Tensor[];

/** One number out of one number of each input, broadcast. */
function elementwise(formula: (...x: number[]) => number): Operator {
  return (inputs) => {
    if (inputs.length === 1) {
      const [{ shape, data }] = inputs;
      return [{ shape, data: data.map((x) => formula(x)) }];
    }
    const shape = broadcastShape(...inputs.map((input) => input.shape));
    const places = inputs.map((input) => placesIn(input.shape, shape));
    const numbers = inputs.map(() => 0);
    const data = new Float64Array(sizeOf(shape));
    for (let place = 0; place < data.length; place++) {
      for (let i = 0; i < numbers.length; i++) numbers[i] = inputs[i].data[places[i][place]];
      data[place] = formula(...numbers);
    }
    return [{ shape, data }];
  };
}

/** One number out of all numbers along some axes; inputs: what is reduced, axes. */
function reduction(formula: (values: readonly number[]) => number): Operator {
  return ([x, axes], { keepdims = 1 }) => {
    const reduced = new Set(Array.from(axes.data, (axis) => wrap(axis, x.shape.length)));
    const kept = x.shape.map((extent, axis) => (reduced.has(axis) ? 1 : extent));
    const values = Array.from({ length: sizeOf(kept) }, (): number[] => []);
    // Broadcasting what is kept would put it where its numbers come from.
    for (const [place, to] of placesIn(kept, x.shape).entries()) values[to].push(x.data[place]);
    const shape = keepdims === 1 ? kept : x.shape.filter((_, axis) => !reduced.has(axis));
    return [{ shape, data: Float64Array.from(values, formula) }];
  };
}

/** C [..., i, j] = Σ_k A [..., i, k]·B [..., k, j]; the axes before the last two broadcast. */
function product(
  a: Float64Tensor,
  b: Float64Tensor,
  { transA = 0, transB = 0 }: Readonly<Record<string, AttributeValue>>,
): Float64Tensor {
  const [left, right] = [transA === 1 ? swapLast(a) : a, transB === 1 ? swapLast(b) : b];
  const [rows, inner] = left.shape.slice(-2);
  const [innerB, columns] = right.shape.slice(-2);
  if (inner !== innerB) throw new RangeError(`product of [${left.shape}] and [${right.shape}]`);
  const batch = broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const placesOf = ({ shape }: Float64Tensor) => {
    const matrices = shape.slice(0, -2);
    const numbers = build(matrices, () => 0).data.map((_, place) => place);
    return build(batch, (index) => read({ shape: matrices, data: numbers }, index)).data;
  };
  const [ofLeft, ofRight] = [placesOf(left), placesOf(right)];
  const data = new Float64Array(sizeOf(batch) * rows * columns);
  for (let n = 0; n < ofLeft.length; n++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const x = left.data[(ofLeft[n] * rows + i) * inner + k];
          sum += x * right.data[(ofRight[n] * inner + k) * columns + j];
        }
        data[(n * rows + i) * columns + j] = sum;
      }
    }
  }
  return { shape: [...batch, rows, columns], data };
}

function transpose(x: Float64Tensor, perm: readonly number[]): Float64Tensor {
  return build(
    perm.map((axis) => x.shape[axis]),
    (index) => {
      const from = new Array<number>(index.length);
      for (const [to, axis] of perm.entries()) from[axis] = index[to];
      return read(x, from);
    },
  );
}

function swapLast(x: Float64Tensor): Float64Tensor {
  const rank = x.shape.length;
  return transpose(x, [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2));
}

/** Part of a tensor: `extent` long from `start` on, along one axis. */
function section(x: Float64Tensor, axis: number, start: number, extent: number): Float64Tensor {
  return build(
    x.shape.map((all, i) => (i === axis ? extent : all)),
    (index) =>
      read(
        x,
        index.map((at, i) => (i === axis ? at + start : at)),
      ),
  );
}

/** Negative axes and indices count from the end. */
function wrap(at: number, extent: number): number {
  return at < 0 ? at + extent : at;
}

/** erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ·x^(2n+1) / (2n+1)!!, whose terms have one sign. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** TensorProto.DataType of the types that hold no fraction. */
const WHOLE = new Set<AttributeValue>([6, 7]);
const BOOL = 9;

/**
 * Every ONNX operator the lowerings and passes emit, by name.
 *
 * @see ONNX, Operators.md, opset 19; `FusedMatMul`, `QuickGelu`: ONNX Runtime, ContribOperators.md
 */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  Add: elementwise((a, b) => a + b),
  Sub: elementwise((a, b) => a - b),
  Mul: elementwise((a, b) => a * b),
  Div: elementwise((a, b) => a / b),
  Max: elementwise(Math.max),
  Min: elementwise(Math.min),
  Pow: elementwise((a, b) => a ** b),
  Greater: elementwise((a, b) => +(a > b)),
  GreaterOrEqual: elementwise((a, b) => +(a >= b)),
  Less: elementwise((a, b) => +(a < b)),
  LessOrEqual: elementwise((a, b) => +(a <= b)),
  Equal: elementwise((a, b) => +(a === b)),
  And: elementwise((a, b) => +(a !== 0 && b !== 0)),
  Not: elementwise((a) => +(a === 0)),
  Where: elementwise((condition, yes, no) => (condition !== 0 ? yes : no)),
  Clip: elementwise((x, low, high) => Math.min(Math.max(x, low), high)),

  Abs: elementwise(Math.abs),
  Cos: elementwise(Math.cos),
  Erf: elementwise(erf),
  Exp: elementwise(Math.exp),
  Log: elementwise(Math.log),
  Neg: elementwise((x) => -x),
  Reciprocal: elementwise((x) => 1 / x),
  Relu: elementwise((x) => Math.max(x, 0)),
  Sigmoid: elementwise((x) => 1 / (1 + Math.exp(-x))),
  QuickGelu: ([x], { alpha }) =>
    elementwise((x) => x / (1 + Math.exp(-Number(alpha) * x)))([x], {}),
  Sign: elementwise(Math.sign),
  Sin: elementwise(Math.sin),
  // log(1 + eˣ), in the form that does not overflow
  Softplus: elementwise((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: elementwise(Math.sqrt),
  Tanh: elementwise(Math.tanh),

  Cast: ([{ shape, data }], { to }) => [
    {
      shape,
      data: data.map((x) => (to === BOOL ? +(x !== 0) : WHOLE.has(to) ? Math.trunc(x) : x)),
    },
  ],

  ReduceSum: reduction((values) => values.reduce((sum, value) => sum + value, 0)),
  ReduceMean: reduction((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  ReduceMax: reduction((values) => Math.max(...values)),
  Softmax: ([x], { axis = -1 }) => {
    const along = wrap(Number(axis), x.shape.length);
    return [
      build(x.shape, (index) => {
        const at = (i: number) =>
          read(
            x,
            index.map((each, j) => (j === along ? i : each)),
          );
        const row = Array.from({ length: x.shape[along] }, (_, i) => at(i));
        // e^(x_j) / Σ e^(x_i), divided through by e^(x_j)
        return 1 / row.reduce((sum, each) => sum + Math.exp(each - at(index[along])), 0);
      }),
    ];
  },

  MatMul: ([a, b]) => [product(a, b, {})],
  FusedMatMul: ([a, b], attributes) => [product(a, b, attributes)],
  Gemm: ([a, b, c], attributes) => {
    const ab = product(a, b, attributes);
    return [c ? build(ab.shape, (index) => read(ab, index) + read(c, index)) : ab];
  },

  Conv: ([x, filter, bias], { pads, strides }) => {
    const [before, steps] = [pads as number[], strides as number[]];
    const [channels, ...extents] = x.shape.slice(1);
    const taps = filter.shape.slice(2);
    const shape = taps.map((extent, axis) => {
      const whole = before[axis] + extents[axis] + before[axis + taps.length];
      return Math.floor((whole - extent) / steps[axis]) + 1;
    });
    // What each tap at each place reads of a channel, the same of all; below zero: it lies outside.
    const { data: sources } = build([...shape, ...taps], (index) => {
      let source = 0;
      for (const [axis, extent] of extents.entries()) {
        const at = index[axis] * steps[axis] + index[axis + taps.length] - before[axis];
        if (at < 0 || at >= extent) return -1;
        source = source * extent + at;
      }
      return source;
    });
    const [rows, outputs] = [x.shape[0], filter.shape[0]];
    const [places, size, plane] = [sizeOf(shape), sizeOf(taps), sizeOf(extents)];
    const data = new Float64Array(rows * outputs * places);
    for (let i = 0; i < data.length; i++) {
      const place = i % places;
      const to = Math.floor(i / places) % outputs;
      const row = Math.floor(i / places / outputs);
      let sum = bias ? bias.data[to] : 0;
      for (let from = 0; from < channels; from++) {
        const weights = (to * channels + from) * size;
        const numbers = (row * channels + from) * plane;
        for (let tap = 0; tap < size; tap++) {
          const source = sources[place * size + tap];
          if (source >= 0) sum += x.data[numbers + source] * filter.data[weights + tap];
        }
      }
      data[i] = sum;
    }
    return [{ shape: [rows, outputs, ...shape], data }];
  },
  InstanceNormalization: ([x, scale, shift], { epsilon }) => {
    const [rows, channels] = x.shape;
    const size = sizeOf(x.shape.slice(2));
    const data = new Float64Array(x.data.length);
    for (let at = 0; at < rows * channels; at++) {
      const values = x.data.slice(at * size, (at + 1) * size);
      const mean = values.reduce((sum, each) => sum + each, 0) / size;
      const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / size;
      const rate = scale.data[at % channels] / Math.sqrt(variance + Number(epsilon));
      data.set(
        values.map((each) => (each - mean) * rate + shift.data[at % channels]),
        at * size,
      );
    }
    return [{ shape: x.shape, data }];
  },
  BatchNormalization: ([x, scale, shift, mean, variance], { epsilon }) => [
    build(x.shape, (index) => {
      const [, channel] = index;
      const spread = Math.sqrt(variance.data[channel] + Number(epsilon));
      const even = (read(x, index) - mean.data[channel]) / spread;
      return even * scale.data[channel] + shift.data[channel];
    }),
  ],

  Reshape: ([{ data }, { data: shape }]) => [{ shape: [...shape], data }],
  Transpose: ([x], { perm }) => [transpose(x, perm as readonly number[])],
  Concat: (inputs, { axis }) => {
    const along = wrap(Number(axis), inputs[0].shape.length);
    const starts = [0];
    for (const { shape } of inputs) starts.push(starts[starts.length - 1] + shape[along]);
    const shape = inputs[0].shape.map((extent, i) =>
      i === along ? starts[inputs.length] : extent,
    );
    return [
      build(shape, (index) => {
        const part = starts.findIndex((start) => start > index[along]) - 1;
        return read(
          inputs[part],
          index.map((at, i) => (i === along ? at - starts[part] : at)),
        );
      }),
    ];
  },
  Split: ([x, sizes], { axis = 0 }) => {
    const along = wrap(Number(axis), x.shape.length);
    let start = 0;
    return Array.from(sizes.data, (extent) => {
      const part = section(x, along, start, extent);
      start += extent;
      return part;
    });
  },
  Slice: ([x, starts, ends, axes]) => [
    [...axes.data].reduce((part, axis, i) => {
      const along = wrap(axis, x.shape.length);
      const extent = x.shape[along];
      const [from, to] = [starts.data[i], ends.data[i]].map((at) =>
        Math.min(wrap(at, extent), extent),
      );
      return section(part, along, from, Math.max(0, to - from));
    }, x),
  ],
  Pad: ([x, pads, constant]) => {
    const rank = x.shape.length;
    const shape = x.shape.map((extent, i) => extent + pads.data[i] + pads.data[i + rank]);
    return [
      build(shape, (index) => {
        const from = index.map((at, i) => at - pads.data[i]);
        const inside = from.every((at, i) => at >= 0 && at < x.shape[i]);
        return inside ? read(x, from) : constant.data[0];
      }),
    ];
  },
  Tile: ([x, repeats]) => [
    build(
      x.shape.map((extent, i) => extent * repeats.data[i]),
      (index) =>
        read(
          x,
          index.map((at, i) => at % x.shape[i]),
        ),
    ),
  ],
  Gather: ([x, indices], { axis = 0 }) => {
    const along = wrap(Number(axis), x.shape.length);
    const rank = indices.shape.length;
    const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
    return [
      build(shape, (index) => {
        const at = wrap(read(indices, index.slice(along, along + rank)), x.shape[along]);
        return read(x, [...index.slice(0, along), at, ...index.slice(along + rank)]);
      }),
    ];
  },
};
