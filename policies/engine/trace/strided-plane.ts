import type { GraphBuilder } from '../graph/builder.ts';
import type { Value } from '../graph/graph.ts';
import { type Axis, type Convolution, cartesian, columns, type Window } from './columns.ts';

/** Of a picture, with a stride: only these take the ways below, so that results over time keep their bits. */
export function isStridedPlane({ axes }: Convolution): boolean {
  return axes.length === 2 && axes.some(({ stride }) => stride > 1);
}

/** The outputs that places of one stride had a part in, and by which tap of each. */
export interface Phases {
  /** Errors that `stride` inputs, side by side, read together. */
  readonly window: Window;
  /** Tap by which a phase reads a place of the window, [phase][place]; null for none. */
  readonly taps: readonly (readonly (number | null)[])[];
}

/** Null where inputs are no whole number of strides. */
export function phasesOf({ extent, kernel, stride, padBefore }: Axis): Phases | null {
  if (extent % stride !== 0) return null;
  // An input stride·i + phase has a part in output i + offset by tap phase + padBefore − stride·offset.
  const first = Math.ceil((padBefore - kernel + 1) / stride);
  const last = Math.floor((stride - 1 + padBefore) / stride);
  if (first > 0 || last < first) return null;
  const length = last - first + 1;
  const tapOf = (phase: number, place: number) => phase + padBefore - stride * (first + place);
  const places = Array.from({ length }, (_, place) => place);
  return {
    window: { kernel: length, stride: 1, outExtent: extent / stride, padBefore: -first },
    taps: Array.from({ length: stride }, (_, phase) =>
      places.map((place) => tapOf(phase, place)).map((k) => (k >= 0 && k < kernel ? k : null)),
    ),
  };
}

/**
 * ∂x [H, W, B, Ci] of a convolution with strides: the inputs of one stride are channels of one place,
 * which reads the few errors they had a part in. Errors spread apart are zeros three times in four.
 *
 * @param taps [taps, Ci, Co]
 */
export function phasedInputGradient(
  graph: GraphBuilder,
  { batch, axes, inChannels, outChannels }: Convolution,
  [down, right]: readonly Phases[],
  { error, taps }: { error: Value; taps: Value },
): Value {
  const none = axes[0].kernel * axes[1].kernel;
  const indices = numbersOfPairs(down, right).map(([row, column]) =>
    row === null || column === null ? none : row * axes[1].kernel + column,
  );
  const padded = graph.node('Pad', [taps, graph.int64([0, 0, 0, 1, 0, 0]), graph.scalar(0)], {
    shape: [none + 1, inChannels, outChannels],
  });
  const where = graph.constant(Int32Array.from(indices), 'int32', [indices.length]);
  const places = down.window.kernel * right.window.kernel;
  const phases = down.taps.length * right.taps.length;
  const chosen = graph.node(
    'Gather',
    [padded, where],
    { shape: [indices.length, inChannels, outChannels] },
    { axis: 0 },
  );
  const weights = graph.transpose(
    graph.reshape(chosen, [places, phases, inChannels, outChannels]),
    [0, 3, 1, 2],
  );
  const rows = columns(graph, error, [down.window, right.window]);
  const product = graph.node(
    'Gemm',
    [rows, graph.reshape(weights, [places * outChannels, phases * inChannels])],
    { shape: [rows.shape[0], phases * inChannels] },
  );
  const [height, width] = [down.window.outExtent, right.window.outExtent];
  const strides = [down.taps.length, right.taps.length];
  const apartYet = graph.reshape(product, [height, width, batch, ...strides, inChannels]);
  const extents = axes.map(({ extent }) => extent);
  return graph.reshape(graph.transpose(apartYet, [0, 3, 1, 4, 2, 5]), [
    ...extents,
    batch,
    inChannels,
  ]);
}

/** Taps down and to the right, for each place of both windows and then for each phase of both. */
function numbersOfPairs(down: Phases, right: Phases): (readonly [number | null, number | null])[] {
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);
  return cartesian([
    range(down.window.kernel),
    range(right.window.kernel),
    range(down.taps.length),
    range(right.taps.length),
  ]).map(([row, column, phase, side]) => [down.taps[phase][row], right.taps[side][column]]);
}
