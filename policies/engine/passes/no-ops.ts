import type { Graph, GraphNode, Value } from '../graph/graph.ts';

/**
 * Removes operators that change nothing: reshapes to the shape a value has, chains of reshapes,
 * transposes that undo the one before, casts to the type a value has, repeating once, adding zeros,
 * multiplying by ones.
 */
export function eliminateNoOps(graph: Graph): Graph {
  const replacement = new Map<Value, Value>();
  const replace = (value: Value) => replacement.get(value) ?? value;
  /** What each reshape's result was reshaped from. */
  const origin = new Map<Value, Value>();
  /** The node that transposed a value. */
  const transposes = new Map<Value, GraphNode>();

  const nodes: GraphNode[] = [];
  for (const original of graph.nodes) {
    const inputs = original.inputs.map(replace);
    if (inputs[0] && isReshape(original)) inputs[0] = origin.get(inputs[0]) ?? inputs[0];
    const node = { ...original, inputs };
    const kept = isNoOp(node)
      ? inputs[0]
      : (neutralOperand(node, graph.constants) ?? undone(node, transposes.get(inputs[0])));
    if (kept) {
      replacement.set(node.outputs[0], kept);
      continue;
    }
    if (node.op === 'Transpose') transposes.set(node.outputs[0], node);
    if (isReshape(node)) origin.set(node.outputs[0], inputs[0]);
    nodes.push(node);
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: replace(value) }));
  return { ...graph, nodes, outputs };
}

function isReshape({ op }: GraphNode): boolean {
  return op === 'Reshape';
}

function isNoOp({ op, inputs, outputs }: GraphNode): boolean {
  const [from] = inputs;
  const [to] = outputs;
  if (op === 'Cast') return from.dtype === to.dtype;
  return (op === 'Reshape' || op === 'Tile') && sameShape(from, to);
}

/** What was there before two transposes of which the second undoes the first. */
function undone(node: GraphNode, before: GraphNode | undefined): Value | null {
  if (node.op !== 'Transpose' || !before) return null;
  const [first, second] = [before, node].map(({ attributes }) => attributes.perm as number[]);
  return second.every((axis, i) => first[axis] === i) ? before.inputs[0] : null;
}

/** What each of these leaves as it is, when it is all of their second operand (or either). */
const NEUTRAL: Readonly<Record<string, number>> = { Add: 0, Sub: 0, Mul: 1, Div: 1 };
const COMMUTATIVE = new Set(['Add', 'Mul']);

/** The operand that the other one does not change. */
function neutralOperand(
  { op, inputs, outputs }: GraphNode,
  constants: Graph['constants'],
): Value | null {
  const neutral = NEUTRAL[op];
  if (neutral === undefined) return null;
  const [a, b] = inputs;
  const isNeutral = (value: Value) => {
    const data = constants.get(value);
    return data instanceof Float32Array && data.every((each) => each === neutral);
  };
  if (isNeutral(b) && sameShape(a, outputs[0])) return a;
  return COMMUTATIVE.has(op) && isNeutral(a) && sameShape(b, outputs[0]) ? b : null;
}

function sameShape(a: Value, b: Value): boolean {
  return a.shape.length === b.shape.length && a.shape.every((extent, i) => extent === b.shape[i]);
}
