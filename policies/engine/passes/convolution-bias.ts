import type { Graph, GraphNode, NamedValue, Value } from '../graph/graph.ts';
import { countUses } from './uses.ts';

/**
 * Folds the addition of a vector along the channels into the convolution before it, which then begins from
 * it. Reshapes between the two stay.
 */
export function foldConvolutionBias(graph: Graph): Graph {
  const uses = countUses(graph);
  const places = new Map<Value, number>();
  const nodes: GraphNode[] = [];
  const replacement = new Map<Value, Value>();
  const replace = (value: Value) => replacement.get(value) ?? value;
  const makerOf = (value: Value): GraphNode | undefined => nodes[places.get(value) ?? -1];

  /** Place of the convolution whose result `sum` is, if nothing else reads it. */
  const convolutionBehind = (sum: Value): number | null => {
    let value = sum;
    for (;;) {
      const place = places.get(value);
      if (place === undefined || uses.get(value) !== 1) return null;
      const { op, inputs } = nodes[place];
      if (op === 'Conv') return inputs.length === 2 ? place : null;
      if (op !== 'Reshape') return null;
      value = inputs[0];
    }
  };

  /** Lets a convolution begin from what is added to it; false where that is no vector along its channels. */
  const fold = (sum: Value, added: Value): boolean => {
    const place = convolutionBehind(sum);
    const maker = makerOf(added);
    const vector = maker?.op === 'Reshape' ? maker.inputs[0] : added;
    if (place === null || vector.shape.length !== 1) return false;
    const [batch, channels] = nodes[place].outputs[0].shape;
    const isAlong = sum.shape[0] === batch && sum.shape[1] === channels;
    const across = sum.shape.map((_, axis) => (axis === 1 ? channels : 1));
    const missing = across.length - added.shape.length;
    const whole = [...across.slice(0, missing).map(() => 1), ...added.shape];
    if (!isAlong || String(whole) !== String(across)) return false;
    // The bias must be there before the convolution.
    if ((places.get(vector) ?? -1) >= place) return false;
    nodes[place] = { ...nodes[place], inputs: [...nodes[place].inputs, vector] };
    return true;
  };

  for (const original of graph.nodes) {
    const node = { ...original, inputs: original.inputs.map(replace) };
    if (node.op === 'Add') {
      const [a, b] = node.inputs;
      const sum = fold(a, b) ? a : fold(b, a) ? b : null;
      if (sum) {
        replacement.set(node.outputs[0], sum);
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
