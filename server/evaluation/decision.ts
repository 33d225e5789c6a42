import type { RolloutResult } from '../acting/rollout.ts';
import { mean } from '../statistics/index.ts';

/**
 * Which plan decides a rollout: the first from which on all that show a way show the one that was taken.
 * One that ends before the obstacle shows none.
 *
 * @returns its number, from 1; null where no way was taken, or none of the plans led there to the end
 */
export function decidingPlan({
  mode,
  plans,
}: Pick<RolloutResult, 'mode' | 'plans'>): number | null {
  if (mode === null) return null;
  const lastOther = plans.findLastIndex((plan) => plan !== null && plan !== mode);
  const decided = plans.indexOf(mode, lastOther + 1);
  return decided === -1 ? null : decided + 1;
}

/** Mean over the rollouts that were decided; null without one. */
export function plansToDecision(
  results: readonly Pick<RolloutResult, 'mode' | 'plans'>[],
): number | null {
  const decided = results.flatMap((result) => decidingPlan(result) ?? []);
  return decided.length === 0 ? null : mean(decided);
}
