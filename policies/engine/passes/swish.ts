import type { Graph, GraphNode, Value } from '../graph/graph.ts';
import { countUses } from './uses.ts';
import { varyingValues } from './varying.ts';

/**
 * Writes x·σ(x) as one operator. ONNX Runtime does so by itself, but only after a pass that carries reshapes
 * has met two operators that both read x. Of constants it folds only operators of ONNX itself.
 */
export function joinSwish(graph: Graph): Graph {
  const uses = countUses(graph);
  const varying = varyingValues(graph);
  const gates = new Map<Value, Value>();
  const nodes = graph.nodes.map((node): GraphNode => {
    const { op, inputs, outputs } = node;
    if (op === 'Sigmoid' && uses.get(outputs[0]) === 1) gates.set(outputs[0], inputs[0]);
    const [a, b] = inputs;
    const x = op === 'Mul' && gates.get(b) === a && varying.has(a) ? a : null;
    return x ? { op: 'QuickGelu', inputs: [x], outputs, attributes: { alpha: 1 } } : node;
  });
  return { ...graph, nodes };
}
