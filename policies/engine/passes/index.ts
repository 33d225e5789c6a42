import type { Graph } from '../graph/graph.ts';
import { foldBias } from './bias.ts';
import { eliminateCommonSubexpressions } from './common-subexpressions.ts';
import { eliminateDeadCode } from './dead-code.ts';
import { eliminateNoOps } from './no-ops.ts';

/** A rewrite of a graph that keeps what it computes. */
export type Pass = (graph: Graph) => Graph;

/**
 * In the order they run: no-ops hide equal expressions, equal expressions and dead code hide that
 * a value is read only once.
 */
const PASSES: readonly Pass[] = [
  eliminateNoOps,
  eliminateCommonSubexpressions,
  eliminateDeadCode,
  foldBias,
];

export function optimize(graph: Graph): Graph {
  return PASSES.reduce((current, pass) => pass(current), graph);
}
