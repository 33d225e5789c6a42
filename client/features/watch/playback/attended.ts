import type { LaneInfo, PlanAttention } from '../../../../server/protocol/index.ts';

/** Something that a plan could look at. */
export interface Attended {
  /** A word of the instruction, the token that every instruction begins with, or what is observed. */
  readonly kind: 'word' | 'start' | 'thing';
  readonly name: string;
  /** Whether the policy knows the word. */
  readonly known: boolean;
  /**
   * Its share of the attention, 0 … 1, from the first network evaluations of the plan to the last;
   * empty where nothing is known of it.
   */
  readonly shares: readonly number[];
}

const BRACKETED = /^<(.+)>$/;

/** @param attention of a plan; what is of other tokens than the lane's says nothing of these */
export function attendedIn(
  { tokens, unknown }: Pick<LaneInfo, 'tokens' | 'unknown'>,
  attention: PlanAttention | null,
): readonly Attended[] {
  const weights = attention?.tokens === tokens.length ? attention.weights : new Float32Array(0);
  const columns = weights.length / tokens.length;
  return tokens.map((token, i) => {
    const name = BRACKETED.exec(token)?.[1];
    return {
      kind: name === undefined ? 'word' : name === 'start' ? 'start' : 'thing',
      name: name ?? token,
      known: !unknown.includes(token),
      shares: Array.from({ length: columns }, (_, column) => weights[column * tokens.length + i]),
    };
  });
}

/** The largest share of all, which the others are drawn against; 0 where none is known. */
export function largestShare(attended: readonly Attended[]): number {
  return Math.max(0, ...attended.flatMap(({ shares }) => shares));
}
