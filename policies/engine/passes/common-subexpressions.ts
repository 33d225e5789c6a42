import type { ConstantData, Graph, GraphNode, Value } from '../graph/graph.ts';

/** Constants above this size are compared by identity: hashing weights would cost more than it saves. */
const MAX_COMPARED = 4096;

/**
 * Computes each expression once: nodes with the same operator, inputs and attributes become one,
 * and so do equal constants. The backward pass shares its gathered convolution columns with the
 * forward pass this way.
 */
export function eliminateCommonSubexpressions(graph: Graph): Graph {
  const replacement = new Map<Value, Value>();
  const replace = (value: Value) => replacement.get(value) ?? value;

  const constants = new Map<Value, ConstantData>();
  const seenConstants = new Map<string, Value>();
  for (const [value, data] of graph.constants) {
    const key = data.length <= MAX_COMPARED ? constantKey(value, data) : `id ${value.id}`;
    const first = seenConstants.get(key);
    if (first) {
      replacement.set(value, first);
    } else {
      seenConstants.set(key, value);
      constants.set(value, data);
    }
  }

  const nodes: GraphNode[] = [];
  const seenNodes = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(replace);
    const ids = inputs.map((value) => value.id).join(',');
    const key = `${node.op}(${ids})${JSON.stringify(node.attributes)}`;
    const first = seenNodes.get(key);
    if (first) {
      node.outputs.forEach((value, i) => {
        replacement.set(value, first.outputs[i]);
      });
    } else {
      const kept = { ...node, inputs };
      seenNodes.set(key, kept);
      nodes.push(kept);
    }
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: replace(value) }));
  return { ...graph, nodes, constants, outputs };
}

function constantKey({ dtype, shape }: Value, data: ConstantData): string {
  // Bits, not numbers: 0 and −0 are different constants, and NaN equals itself.
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${dtype}[${shape}]${bytes.join(',')}`;
}
