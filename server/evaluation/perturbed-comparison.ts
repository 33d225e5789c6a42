import type { Comparison } from '../protocol/results.ts';
import { concludeComparison } from './comparison.ts';
import type { Evaluation } from './evaluation.ts';
import {
  concludeRobustness,
  planRobustness,
  type RobustnessPlan,
  type RobustnessRequest,
} from './robustness.ts';

/** Policies against one another, and each against itself where something is otherwise. */
export const perturbedComparison: Evaluation<RobustnessRequest, RobustnessPlan, Comparison> = {
  plan: planRobustness,
  conclude(plan, measured) {
    const controls = plan.cases.flatMap(({ control }, i) => (control === null ? [i] : []));
    return {
      ...concludeComparison(plan.comparison, {
        ...measured,
        results: controls.map((i) => measured.results[i]),
        // Nothing is timed: a perturbation is no matter of the policy's time.
        planTimes: controls.map(() => null),
      }),
      robustness: concludeRobustness(plan, measured).results,
    };
  },
};
