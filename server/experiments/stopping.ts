import { rolloutGrid } from '../evaluation/evaluate.ts';
import { judgeAlone, pairsOf, replayTurns, untilDecided } from '../evaluation/pairs.ts';
import type { Verdict } from '../protocol/results.ts';
import type { MergedExperiment } from './merge.ts';
import type { ExperimentPlan } from './plan.ts';

/** What `--until decided` would have taken, had it been asked for. */
export interface Stopping {
  /** Every two contenders, in the order of `pairsOf`, each pair compared for itself. */
  readonly pairs: readonly StoppedPair[];
  /** Rollouts of these, over those of the experiment. */
  readonly share: number;
  /** Pairs that stay open. */
  readonly open: number;
  /** All contenders in one comparison: rollouts of each, and of all over those of the experiment. */
  readonly together: { readonly rollouts: readonly number[]; readonly share: number };
}

export interface StoppedPair {
  readonly verdict: Verdict;
  /** Of each of the two. */
  readonly rollouts: number;
}

/** Contenders whose looks are replayed: each look weighs all pairs again. */
const MOST_CONTENDERS = 20;

/**
 * Replays the looks of `--until decided` on recorded rollouts, in the order in which they were planned.
 *
 * @param within δ; null to claim no sameness
 * @returns      null of one contender, and of more than twenty
 * @cost 0.5 s for 9 contenders of 400 rollouts, 1.3 s with δ
 */
export function stoppingOf(
  { rollouts, starts }: Pick<ExperimentPlan, 'rollouts' | 'starts'>,
  { contenders }: Pick<MergedExperiment, 'contenders'>,
  within: number | null,
): Stopping | null {
  if (contenders.length < 2 || contenders.length > MOST_CONTENDERS) return null;
  const results = contenders.map((each) => each.rollouts);
  const cells = rolloutGrid(rollouts, starts);
  const pairs = pairsOf(results.length).map(([a, b]): StoppedPair => {
    const { verdict, pairs: taken } = judgeAlone(results[a], results[b], within);
    return { verdict, rollouts: taken };
  });
  const taken = replayTurns(results, untilDecided(cells, within));
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
  return {
    pairs,
    share: sum(pairs.map((each) => each.rollouts)) / (pairs.length * rollouts),
    open: pairs.filter(({ verdict }) => verdict === 'open').length,
    together: { rollouts: taken, share: sum(taken) / (results.length * rollouts) },
  };
}
