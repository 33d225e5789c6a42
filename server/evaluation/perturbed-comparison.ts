import type { Comparison } from '../protocol/results.ts';
import { concludeComparison } from './comparison.ts';
import type { Evaluation } from './evaluation.ts';
import {
  concludeRobustness,
  planRobustness,
  type RobustnessPlan,
  type RobustnessRequest,
} from './robustness.ts';

/** Policies against one another, and each against itself where something is otherwise, if anything is. */
export const perturbedComparison: Evaluation<RobustnessRequest, RobustnessPlan, Comparison> = {
  async plan(workspace, request) {
    const plan = await planRobustness(workspace, request);
    const { turns, timed } = plan.comparison;
    // With perturbations nothing is timed: they are no matter of the policy's time.
    if (request.perturbations.length > 0) return plan;
    return { ...plan, ...(turns && { turns }), ...(timed && { timed }) };
  },
  conclude(plan, measured) {
    const { comparison, cases } = plan;
    const controls = cases.flatMap(({ control }, i) => (control === null ? [i] : []));
    if (controls.length === cases.length) return concludeComparison(comparison, measured);
    return {
      ...concludeComparison(comparison, {
        ...measured,
        results: controls.map((i) => measured.results[i]),
        planTimes: controls.map(() => null),
      }),
      robustness: concludeRobustness(plan, measured).results,
    };
  },
};
