import type { Graph, GraphNode, NamedValue, Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';
import { FreshValues } from './fresh-values.ts';
import { countUses } from './uses.ts';

/**
 * Up to here, and for more than one row, ONNX Runtime adds up all products before it adds what the
 * result begins from: a bias that is folded in gives the same bits as one that is added afterwards.
 */
const MAX_SUMMED = 128;

/**
 * Folds the addition of a bias into the matrix product before it, which then begins from the bias
 * instead of from zero. Where a row of the product holds the columns several times (as where time
 * steps are mixed), so does the bias. Reshapes between the two stay, and so do
 * transposes of whole rows.
 */
export function foldBias(graph: Graph): Graph {
  const uses = countUses(graph);
  const fresh = new FreshValues(graph);
  /** Place of the node that makes a value, among `nodes`; none for inputs and constants. */
  const places = new Map<Value, number>();
  const replacement = new Map<Value, Value>();
  const replace = (value: Value) => replacement.get(value) ?? value;
  const nodes: GraphNode[] = [];
  /** What repeats a bias, by the place of the product that begins from it. */
  const repeats = new Map<number, GraphNode>();

  /** Place of the product whose result `sum` is, if nothing else reads it. */
  const productBehind = (sum: Value, length: number): number | null => {
    let value = sum;
    for (;;) {
      const place = places.get(value);
      if (place === undefined || uses.get(value) !== 1) return null;
      const { op, inputs } = nodes[place];
      if (op === 'Gemm' && inputs.length === 2) return place;
      if (op !== 'Reshape' && !movesRows(nodes[place], length)) return null;
      value = inputs[0];
    }
  };

  /** Lets the product at a place begin from a bias; false where that is not possible. */
  const fold = (place: number, bias: Value): boolean => {
    const product = nodes[place];
    const [columns, length] = [columnsOf(product.outputs[0]), columnsOf(bias)];
    // The bias must be there before the product.
    if ((places.get(bias) ?? -1) >= place || columns % length !== 0) return false;
    let row = bias;
    if (columns > length) {
      if (summedBy(product) > MAX_SUMMED || product.outputs[0].shape[0] === 1) return false;
      row = fresh.value(bias.dtype, [columns]);
      const inputs = [bias, fresh.int64([columns / length])];
      repeats.set(place, { op: 'Tile', inputs, outputs: [row], attributes: {} });
    }
    nodes[place] = { ...product, inputs: [...product.inputs, row] };
    return true;
  };

  for (const original of graph.nodes) {
    const node = { ...original, inputs: original.inputs.map(replace) };
    const parts = node.op === 'Add' && biased(node);
    const place = parts && productBehind(parts.sum, columnsOf(parts.bias));
    if (parts && typeof place === 'number' && fold(place, parts.bias)) {
      replacement.set(node.outputs[0], parts.sum);
      continue;
    }
    for (const value of node.outputs) places.set(value, nodes.length);
    nodes.push(node);
  }
  const outputs = graph.outputs.map(
    ({ name, value }): NamedValue => ({ name, value: replace(value) }),
  );
  const ordered = nodes.flatMap((node, place) => {
    const repeat = repeats.get(place);
    return repeat ? [repeat, node] : [node];
  });
  return { ...graph, nodes: ordered, constants: fresh.constants, outputs };
}

/** Whether an operator moves numbers by rows in which a bias of some length is met a whole number of times. */
function movesRows({ op, inputs, attributes }: GraphNode, length: number): boolean {
  if (op !== 'Transpose') return false;
  const perm = attributes.perm as readonly number[];
  return perm[perm.length - 1] === perm.length - 1 && columnsOf(inputs[0]) % length === 0;
}

/** Products that are added up for each number of a matrix product. */
function summedBy({ inputs, attributes }: GraphNode): number {
  return inputs[0].shape[attributes.transA === 1 ? 0 : 1];
}

/** The two parts of an addition that gives each row of a matrix the same vector. */
function biased({ inputs, outputs }: GraphNode): { sum: Value; bias: Value } | null {
  for (const [sum, bias] of [inputs, [inputs[1], inputs[0]]]) {
    const isRow = bias.shape.length === 1 && sum.shape.length > 1;
    const fits = bias.shape[0] === columnsOf(sum);
    if (isRow && fits && sizeOf(outputs[0].shape) === sizeOf(sum.shape)) return { sum, bias };
  }
  return null;
}

function columnsOf({ shape }: Value): number {
  return shape[shape.length - 1] ?? 1;
}
