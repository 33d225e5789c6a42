import type { Graph } from '../graph/graph.ts';
import { foldBias } from './bias.ts';
import { eliminateCommonSubexpressions } from './common-subexpressions.ts';
import { foldConvolutionBias } from './convolution-bias.ts';
import { eliminateDeadCode } from './dead-code.ts';
import { joinProducts } from './joined-products.ts';
import { eliminateNoOps } from './no-ops.ts';
import { carryReshapes, carrySmallReshapes } from './reshapes.ts';
import { splitProducts } from './split-products.ts';
import { joinSwish } from './swish.ts';

/** A rewrite of a graph that keeps what it computes. */
export type Pass = (graph: Graph) => Graph;

const PASSES = {
  'no-ops': eliminateNoOps,
  'common-subexpressions': eliminateCommonSubexpressions,
  'dead-code': eliminateDeadCode,
  bias: foldBias,
  reshapes: carryReshapes,
  swish: joinSwish,
  'convolution bias': foldConvolutionBias,
  'split products': splitProducts,
  'joined products': joinProducts,
  'small reshapes': carrySmallReshapes,
} satisfies Record<string, Pass>;

export type PassName = keyof typeof PASSES;

export const PASS_NAMES = Object.keys(PASSES) as readonly PassName[];

/**
 * No-ops hide equal expressions, equal expressions and dead code hide that a value is read only once, and a
 * bias that is not folded holds reshapes where they are. Folding and carrying leave constants behind that
 * nothing reads any more.
 */
const ORDER: readonly PassName[] = [
  ...(['no-ops', 'common-subexpressions', 'dead-code'] as const),
  ...(['bias', 'reshapes', 'dead-code'] as const),
];

/**
 * Of few rows, where time goes to the number of operators: what parts of products do not depend on turns out
 * to be the same in several places, and products that are joined leave reshapes that cancel.
 */
const ORDER_OF_FEW_ROWS: readonly PassName[] = [
  ...(['no-ops', 'common-subexpressions', 'dead-code'] as const),
  ...(['bias', 'convolution bias', 'split products'] as const),
  ...(['common-subexpressions', 'dead-code', 'joined products', 'swish'] as const),
  ...(['no-ops', 'small reshapes', 'dead-code'] as const),
];

export interface OptimizeOptions {
  /** Of a program that was traced for few rows. @default false */
  readonly fewRows?: boolean;
  /** Passes that are left out: to see what each is worth, and that none is needed. @default none */
  readonly without?: readonly PassName[];
}

export function optimize(
  graph: Graph,
  { fewRows = false, without = [] }: OptimizeOptions = {},
): Graph {
  const names = (fewRows ? ORDER_OF_FEW_ROWS : ORDER).filter((name) => !without.includes(name));
  return names.reduce((current, name) => PASSES[name](current), graph);
}
