/** What a contender costs, and what one gets for it. */
export interface Bargain {
  /** Network evaluations a chunk; null where they are not known. */
  readonly nfe: number | null;
  /** Success rate. */
  readonly success: number;
  /** Entropy of its ways, in units of the maximum. */
  readonly entropy: number;
}

/**
 * The Pareto front: those than which none is better in one of the three, network calls, success and
 * entropy, and as good in the others. Of equal ones all are on it; what costs nobody knows how much is not.
 */
export function onFront(bargains: readonly Bargain[]): boolean[] {
  return bargains.map((own) => own.nfe !== null && !bargains.some((each) => dominates(each, own)));
}

function dominates(a: Bargain, b: Bargain): boolean {
  if (a.nfe === null || b.nfe === null) return false;
  const asGood = a.nfe <= b.nfe && a.success >= b.success && a.entropy >= b.entropy;
  return asGood && (a.nfe < b.nfe || a.success > b.success || a.entropy > b.entropy);
}
