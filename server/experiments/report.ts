import { failuresOf, type GridResult, type RolloutMeasures } from '../evaluation/evaluate.ts';
import { lettersOf, pairsOf, pairUp } from '../evaluation/pairs.ts';
import { holdAgainstControls } from '../evaluation/robustness.ts';
import type { Comparison, Failures, Robustness } from '../protocol/results.ts';
import { type Group, groupsOf, matchGroups } from './axes.ts';
import { onFront } from './front.ts';
import { type MergedExperiment, measureExperiment } from './merge.ts';
import { type Offsets, offsetsOf } from './offsets.ts';
import { type Contender, contenderName, type ExperimentPlan, sameActing } from './plan.ts';
import { type SeedSpread, seedSpreads } from './training-seeds.ts';

/** A contender and what became of it. */
export interface ReportedContender {
  readonly contender: Contender;
  /** As people read it. */
  readonly name: string;
  readonly measures: RolloutMeasures;
  /** Contenders that share one are not told apart; null where there is but one contender. */
  readonly letters: string | null;
  /** Whether none is better in success, entropy or network calls and as good in the others. */
  readonly onFront: boolean;
  readonly failures?: Failures;
}

/** How often a group was better than another where all else was equal. */
export interface Duel {
  readonly one: string;
  readonly other: string;
  readonly better: number;
  readonly worse: number;
  readonly same: number;
  readonly open: number;
}

/** What a perturbation does to a contender. */
export interface ReportedRobustness extends Robustness {
  /** Places among the contenders. */
  readonly contender: number;
  readonly control: number;
}

/** What an experiment has shown. */
export interface ExperimentReport {
  /** In the order of the plan. */
  readonly contenders: readonly ReportedContender[];
  readonly groups: readonly Group[];
  /** Every two contenders, in the order of the plan. */
  readonly pairs: Comparison['paired'];
  /** Every two groups. */
  readonly duels: readonly Duel[];
  /** Every training of which there are several seeds. */
  readonly seeds: readonly SeedSpread[];
  /** Every contender with a perturbation, held against the same without; in the order of the plan. */
  readonly robustness: readonly ReportedRobustness[];
  /** Where plans, hands and demonstrators pass; null where nothing tells of it. */
  readonly offsets: Offsets | null;
  /** Of the two entropies the one that says how various a policy is: of one start, where starts have several rollouts. */
  readonly entropy: 'modeEntropy' | 'conditionalEntropy';
}

/**
 * What all rollouts of an experiment amount to, and what may be said of every two contenders: all claims
 * together are one family, however many contenders there are.
 *
 * @param within the largest difference in success that counts as none, δ; null to claim no sameness
 * @cost 4 s for 60 contenders of 400 rollouts
 */
export function reportExperiment(
  plan: ExperimentPlan,
  merged: MergedExperiment,
  within: number | null,
): ExperimentReport {
  const { contenders, starts, rollouts } = plan;
  const measures = measureExperiment(plan, merged);
  const results = merged.contenders.map((each) => each.rollouts);
  const pairs = pairUp(contenders.map(contenderName), results, { looks: [starts], within });
  const rates = measures.map(({ success }) => success.rate);
  const letters = contenders.length > 1 ? lettersOf(rates, pairs) : [null];
  const entropy = rollouts > starts ? 'conditionalEntropy' : 'modeEntropy';
  const front = onFront(
    measures.map((each, i) => {
      return { nfe: contenders[i].nfe, success: each.success.rate, entropy: each[entropy] };
    }),
  );
  const groups = groupsOf(contenders);
  return {
    ...{ groups, pairs, entropy },
    contenders: contenders.map((contender, i) => ({
      contender,
      name: contenderName(contender),
      measures: measures[i],
      letters: letters[i],
      onFront: front[i],
      ...failuresOf(results[i]),
    })),
    duels: duelsOf(contenders, groups, pairs),
    seeds: seedSpreads(contenders, measures, entropy),
    robustness: robustnessOf(contenders, results),
    offsets: offsetsOf(plan, groups, results),
  };
}

function robustnessOf(
  contenders: readonly Contender[],
  results: readonly (readonly GridResult[])[],
): ReportedRobustness[] {
  const matched = contenders.flatMap((each, contender) => {
    if (!each.perturbation) return [];
    const control = contenders.findIndex((other) => isControl(other, each));
    return control === -1 ? [] : [{ contender, control }];
  });
  const held = holdAgainstControls(
    matched.map(({ contender, control }) => {
      return { perturbed: results[contender], control: results[control] };
    }),
  );
  return matched.map((places, i) => ({ ...places, ...held[i] }));
}

/** Whether one is another without its perturbation. */
function isControl(one: Contender, { perturbation: _, ...other }: Contender): boolean {
  return one.perturbation === undefined && sameActing(one, other);
}

function duelsOf(
  contenders: readonly Contender[],
  groups: readonly Group[],
  pairs: Comparison['paired'],
): Duel[] {
  const verdicts = new Map(
    pairsOf(contenders.length).map(([a, b], k) => [
      a * contenders.length + b,
      pairs[k].judged?.verdict ?? 'open',
    ]),
  );
  const opposite = { better: 'worse', worse: 'better', same: 'same', open: 'open' } as const;
  const verdictOf = (i: number, j: number) => {
    const turned = verdicts.get(j * contenders.length + i) ?? 'open';
    return verdicts.get(i * contenders.length + j) ?? opposite[turned];
  };
  return matchGroups(contenders, groups).map(({ one, other, pairs: matched }) => {
    const counts = { better: 0, worse: 0, same: 0, open: 0 };
    for (const [i, j] of matched) counts[verdictOf(i, j)]++;
    return { one: groups[one].name, other: groups[other].name, ...counts };
  });
}
