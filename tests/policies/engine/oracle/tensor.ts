import { sizeOf } from '../../../../policies/engine/index.ts';

/** Numbers in float64, row-major. Whole numbers are held as they are, truth as 0 and 1. */
export interface Float64Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A tensor from a formula of its indices. */
export function build(
  shape: readonly number[],
  at: (index: readonly number[]) => number,
): Float64Tensor {
  const data = new Float64Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  for (let place = 0; place < data.length; place++) {
    data[place] = at(index);
    // The next index in row-major order.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      if (index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

/**
 * The element at an index of a tensor broadcast to a larger one: axes are matched from the last
 * on, those of length one repeat.
 *
 * @see ONNX, Broadcasting.md, "multidirectional broadcasting"
 */
export function read({ shape, data }: Float64Tensor, index: readonly number[]): number {
  const ahead = index.length - shape.length;
  let place = 0;
  // Without an iterator: it is called for every number of every operator.
  for (let axis = 0; axis < shape.length; axis++) {
    const extent = shape[axis];
    place = place * extent + (extent === 1 ? 0 : index[axis + ahead]);
  }
  return data[place];
}

/** Where each element of a tensor of the larger shape is in one that is broadcast to it, as `read` reads it. */
export function placesIn(shape: readonly number[], larger: readonly number[]): Float64Array {
  const numbers = Float64Array.from({ length: sizeOf(shape) }, (_, place) => place);
  const tensor = { shape, data: numbers };
  return shape.join() === larger.join()
    ? numbers
    : build(larger, (index) => read(tensor, index)).data;
}

/** @throws RangeError where shapes do not broadcast */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const extents = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const [extent = 1] = extents.filter((each) => each !== 1);
    if (extents.some((each) => each !== 1 && each !== extent)) {
      throw new RangeError(`shapes do not broadcast: ${shapes.map((shape) => `[${shape}]`)}`);
    }
    return extent;
  });
}
