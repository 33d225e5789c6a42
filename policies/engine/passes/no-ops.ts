import type { Graph, GraphNode, Value } from '../graph/graph.ts';

/**
 * Removes operators that change nothing: reshapes to the shape a value has, chains of reshapes,
 * transposes that move only axes of length one, casts to the type a value has.
 */
export function eliminateNoOps(graph: Graph): Graph {
  const replacement = new Map<Value, Value>();
  const replace = (value: Value) => replacement.get(value) ?? value;
  /** What each reshape's result was reshaped from. */
  const origin = new Map<Value, Value>();

  const nodes: GraphNode[] = [];
  for (const original of graph.nodes) {
    const inputs = original.inputs.map(replace);
    if (inputs[0] && isReshape(original)) inputs[0] = origin.get(inputs[0]) ?? inputs[0];
    const node = { ...original, inputs };
    if (isNoOp(node)) {
      replacement.set(node.outputs[0], inputs[0]);
      continue;
    }
    if (isReshape(node)) origin.set(node.outputs[0], inputs[0]);
    nodes.push(node);
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: replace(value) }));
  return { ...graph, nodes, outputs };
}

function isReshape({ op }: GraphNode): boolean {
  return op === 'Reshape';
}

function isNoOp({ op, inputs, outputs, attributes }: GraphNode): boolean {
  const [from] = inputs;
  const [to] = outputs;
  if (op === 'Cast') return from.dtype === to.dtype;
  if (op === 'Reshape') return sameShape(from, to);
  if (op !== 'Transpose') return false;
  const moved = (attributes.perm as readonly number[]).filter((axis) => from.shape[axis] !== 1);
  return sameShape(from, to) && moved.every((axis, i) => i === 0 || moved[i - 1] < axis);
}

function sameShape(a: Value, b: Value): boolean {
  return a.shape.length === b.shape.length && a.shape.every((extent, i) => extent === b.shape[i]);
}
