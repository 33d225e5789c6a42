import type { Graph, GraphNode, Value } from '../graph/graph.ts';

/** Drops nodes and constants that no output depends on. Inputs stay: they are the signature. */
export function eliminateDeadCode(graph: Graph): Graph {
  const needed = new Set<Value>(graph.outputs.map(({ value }) => value));
  const kept: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((value) => needed.has(value))) continue;
    kept.push(node);
    for (const value of node.inputs) needed.add(value);
  }
  return {
    ...graph,
    nodes: kept.reverse(),
    constants: new Map([...graph.constants].filter(([value]) => needed.has(value))),
  };
}
