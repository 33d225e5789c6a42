import type { Graph, Value } from '../graph/graph.ts';

/** What depends on an input; all else is known before anything runs. */
export function varyingValues({ inputs, nodes }: Graph): ReadonlySet<Value> {
  const varying = new Set(inputs.map(({ value }) => value));
  for (const { inputs, outputs } of nodes) {
    if (inputs.some((input) => varying.has(input))) for (const each of outputs) varying.add(each);
  }
  return varying;
}
