import type { Graph, GraphNode, NamedValue, Value } from '../graph/graph.ts';
import { sizeOf } from '../types.ts';
import { countUses } from './uses.ts';

/**
 * Folds the addition of a bias into the matrix product before it, which then begins from the bias
 * instead of from zero. Reshapes between the two stay, as long as they keep the columns.
 */
export function foldBias(graph: Graph): Graph {
  const uses = countUses(graph);
  /** Place of the node that makes a value, among `nodes`; none for inputs and constants. */
  const places = new Map<Value, number>();
  const replacement = new Map<Value, Value>();
  const replace = (value: Value) => replacement.get(value) ?? value;
  const nodes: GraphNode[] = [];

  /** Place of the product whose result `sum` is, if nothing else reads it. */
  const productBehind = (sum: Value): number | null => {
    let value = sum;
    for (;;) {
      const place = places.get(value);
      if (place === undefined || uses.get(value) !== 1) return null;
      const { op, inputs } = nodes[place];
      if (op === 'Gemm' && inputs.length === 2) return place;
      if (op !== 'Reshape' || columnsOf(inputs[0]) !== columnsOf(sum)) return null;
      value = inputs[0];
    }
  };

  for (const original of graph.nodes) {
    const node = { ...original, inputs: original.inputs.map(replace) };
    const folded = node.op === 'Add' && biased(node);
    if (folded) {
      const product = productBehind(folded.sum);
      // The bias must be there before the product.
      if (product !== null && (places.get(folded.bias) ?? -1) < product) {
        const { inputs, ...rest } = nodes[product];
        nodes[product] = { ...rest, inputs: [...inputs, folded.bias] };
        replacement.set(node.outputs[0], folded.sum);
        continue;
      }
    }
    for (const value of node.outputs) places.set(value, nodes.length);
    nodes.push(node);
  }
  const outputs = graph.outputs.map(
    ({ name, value }): NamedValue => ({ name, value: replace(value) }),
  );
  return { ...graph, nodes, outputs };
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
