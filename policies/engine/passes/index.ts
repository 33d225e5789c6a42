import type { Graph } from '../graph/graph.ts';
import { foldBias } from './bias.ts';
import { eliminateCommonSubexpressions } from './common-subexpressions.ts';
import { eliminateDeadCode } from './dead-code.ts';
import { eliminateNoOps } from './no-ops.ts';
import { carryReshapes } from './reshapes.ts';

/** A rewrite of a graph that keeps what it computes. */
export type Pass = (graph: Graph) => Graph;

/**
 * In the order they run: no-ops hide equal expressions, equal expressions and dead code hide that
 * a value is read only once, and a bias that is not folded holds reshapes where they are.
 */
const PASSES = {
  'no-ops': eliminateNoOps,
  'common-subexpressions': eliminateCommonSubexpressions,
  'dead-code': eliminateDeadCode,
  bias: foldBias,
  reshapes: carryReshapes,
} satisfies Record<string, Pass>;

export type PassName = keyof typeof PASSES;

export const PASS_NAMES = Object.keys(PASSES) as readonly PassName[];

/** Folding and carrying leave constants behind that nothing reads any more. */
const ORDER = [...PASS_NAMES, 'dead-code'] as const satisfies readonly PassName[];

/** @param without passes that are left out: to see what each is worth, and that none is needed */
export function optimize(graph: Graph, without: readonly PassName[] = []): Graph {
  const names = ORDER.filter((name) => !without.includes(name));
  return names.reduce((current, name) => PASSES[name](current), graph);
}
