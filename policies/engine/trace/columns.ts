import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';

/**
 * A convolution over places: of a chunk, its time steps, [B, T, Ci] with a filter [kernel, Ci, Co];
 * of a picture, its rows and columns. TensorFlow.js's conv1d arrives as a 2-D convolution of height
 * one, and is taken for what it is.
 *
 * It is computed with places first, [T, B, C] or [H, W, B, C], where what is padded, mixed or summed
 * over places are long rows. The transposes to and fro vanish where the network keeps places first as
 * well.
 */
export interface Convolution {
  readonly batch: number;
  /** One of time, or two of a picture: down and to the right. */
  readonly axes: readonly Axis[];
  readonly inChannels: number;
  readonly outChannels: number;
}

export interface Axis {
  readonly extent: number;
  readonly outExtent: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros before the first place. */
  readonly padBefore: number;
}

/** Which places along an axis each output of a sliding window reads. */
export interface Window extends Omit<Axis, 'extent'> {
  /** Lists what a window reads from its last place to its first. */
  readonly backwards?: boolean;
}

/** Place in the padded input that an output reads with its window's k-th tap. */
function placeOf({ kernel, stride, backwards = false }: Window, output: number, k: number): number {
  return output * stride + (backwards ? kernel - 1 - k : k);
}

/** Number of a place among all of a grid, row by row, for each place of a smaller grid. */
function numbersOf(extents: readonly number[], grid: readonly (readonly number[])[]): number[] {
  return grid.reduce<number[]>(
    (numbers, along, axis) =>
      numbers.flatMap((number) => along.map((place) => number * extents[axis] + place)),
    [0],
  );
}

/**
 * The numbers each output of a sliding window reads, as rows: x [.., B, C] with a window along each of
 * its places → [outputs·B, taps·C].
 */
export function columns(graph: GraphBuilder, x: Value, windows: readonly Window[]): Value {
  const [batch, channels] = x.shape.slice(-2);
  const taps = productOf(windows, ({ kernel }) => kernel);
  const outputs = productOf(windows, ({ outExtent }) => outExtent);
  const rows = [outputs * batch, taps * channels];
  const isWhole = windows.every(
    ({ stride, outExtent }, axis) => stride === 1 && outExtent === x.shape[axis],
  );
  if (taps === 1 && isWhole) return graph.reshape(x, rows);
  const before = windows.map(({ padBefore }) => padBefore);
  const after = windows.map(({ outExtent, stride, kernel, padBefore }, axis) =>
    Math.max(0, (outExtent - 1) * stride + kernel - x.shape[axis] - padBefore),
  );
  const extents = windows.map((_, axis) => before[axis] + x.shape[axis] + after[axis]);
  let padded = x;
  if ([...before, ...after].some((zeros) => zeros > 0)) {
    const pads = graph.int64([...before, 0, 0, ...after, 0, 0]);
    const shape = [...extents, batch, channels];
    padded = graph.node('Pad', [x, pads, graph.scalar(0)], { shape });
  }
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  const indices = new Int32Array(outputs * batch * taps);
  let at = 0;
  // Of each output, then of each row of the batch, what its window reads.
  const starts = windows.map(({ outExtent }) => range(outExtent));
  for (const output of cartesian(starts)) {
    const grid = windows.map((window, axis) =>
      range(window.kernel).map((k) => placeOf(window, output[axis], k)),
    );
    const places = numbersOf(extents, grid);
    for (let row = 0; row < batch; row++) {
      for (const place of places) indices[at++] = place * batch + row;
    }
  }
  // A batch of one is rows already, over time: a node less where nodes are what time goes to.
  const isFlat = batch === 1 && windows.length === 1;
  const flat = isFlat ? padded : graph.reshape(padded, [sizeOf(extents) * batch, channels]);
  const where = graph.constant(indices, 'int32', [indices.length]);
  const shape = [indices.length, ...flat.shape.slice(1)];
  return graph.reshape(graph.node('Gather', [flat, where], { shape }, { axis: 0 }), rows);
}

export function productOf<T>(items: readonly T[], factor: (item: T) => number): number {
  return items.reduce((product, item) => product * factor(item), 1);
}

/** Every choice of one number from each list, the last list's changing fastest. */
export function cartesian(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>(
    (chosen, list) => chosen.flatMap((each) => list.map((number) => [...each, number])),
    [[]],
  );
}
