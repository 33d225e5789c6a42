import type { Graph, Value } from '../graph/graph.ts';

/** How often each value is read, by nodes and as an output. */
export function countUses(graph: Graph): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const read = [
    ...graph.nodes.flatMap(({ inputs }) => inputs),
    ...graph.outputs.map(({ value }) => value),
  ];
  for (const value of read) uses.set(value, (uses.get(value) ?? 0) + 1);
  return uses;
}
