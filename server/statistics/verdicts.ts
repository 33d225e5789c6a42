import type { Judgement, Verdict } from '../protocol/results.ts';
import { adjustLogEValues } from './family.ts';
import { PairedTest, type Thresholds } from './paired-test.ts';
import { hasProspect } from './prospect.ts';

/** Probability at most of a false claim of one kind among all that are made. */
const ALPHA = 0.05;
const THRESHOLD = Math.log(1 / ALPHA);

/** What two policies differ by from one start. */
export interface StartDifference {
  /** Successes of the first less those of the other, over their number of rollouts. */
  readonly mean: number;
  /** Rollouts of each. */
  readonly pairs: number;
}

/** A pair of policies with its test. */
interface Case {
  readonly starts: readonly StartDifference[];
  readonly test: PairedTest;
  decided: Judgement | null;
}

/**
 * Verdicts on pairs of policies that were looked at after so many starts, in turn. A pair that is
 * decided stays so, and takes no further starts. Of all claims of a difference together, and of all
 * claims of sameness together, one is false with probability 5 % at most, however many pairs and
 * looks: a claim is made where the adjusted e-value reaches 20.
 *
 * @param pairs  of each, its starts in the order in which they were taken; may end before the last look
 * @param looks  numbers of starts, ascending
 * @param within δ; null where no difference is to count as none
 */
export function judgePairs(
  pairs: readonly (readonly StartDifference[])[],
  looks: readonly number[],
  within: number | null = null,
): Judgement[] {
  const cases = lookAtAll(pairs, looks, within);
  const evidence = weigh(cases);
  return cases.map((each, i) => each.decided ?? report(each, evidence[i], 'open'));
}

/**
 * Whether it is worth going on with each pair: it is open, and has a chance to be decided by the last look.
 *
 * @param pairs, looks, within as of `judgePairs`
 * @cost besides that of the verdicts, as `hasProspect` an open pair
 */
export function prospectsOf(
  pairs: readonly (readonly StartDifference[])[],
  looks: readonly number[],
  within: number | null = null,
): boolean[] {
  const cases = lookAtAll(pairs, looks, within);
  const evidence = weigh(cases);
  const most = looks.at(-1) ?? 0;
  return cases.map(({ starts, test, decided }, i) => {
    const seen = starts.slice(0, test.starts).map(({ mean }) => mean);
    return !decided && hasProspect(test, seen, most - test.starts, thresholdsOf(evidence[i]));
  });
}

function lookAtAll(
  pairs: readonly (readonly StartDifference[])[],
  looks: readonly number[],
  within: number | null,
): Case[] {
  const cases = pairs.map(
    (starts): Case => ({ starts, test: new PairedTest(within), decided: null }),
  );
  for (const look of looks) {
    for (const { starts, test, decided } of cases) {
      if (decided) continue;
      for (const { mean } of starts.slice(test.starts, look)) test.add(mean);
    }
    const evidence = weigh(cases);
    cases.forEach((each, i) => {
      const verdict = verdictOf(evidence[i]);
      if (verdict !== 'open') each.decided ??= report(each, evidence[i], verdict);
    });
  }
  return cases;
}

/** Logarithms of e-values, as they are and adjusted for the others. */
interface Evidence {
  readonly differ: number;
  readonly adjustedDiffer: number;
  readonly favoursFirst: boolean;
  /** Null where no δ was given. */
  readonly same: { readonly own: number; readonly adjusted: number } | null;
}

function weigh(cases: readonly Case[]): Evidence[] {
  const differ = cases.map(({ test }) => test.logE);
  const adjustedDiffer = adjustLogEValues(differ);
  const same = cases.map(({ test }) => test.logSameE);
  const adjustedSame = adjustLogEValues(same.map((own) => own ?? 0));
  return cases.map(({ test: { favoursFirst } }, i) => {
    const own = same[i];
    return {
      differ: differ[i],
      adjustedDiffer: adjustedDiffer[i],
      favoursFirst,
      same: own === null ? null : { own, adjusted: adjustedSame[i] },
    };
  });
}

function verdictOf({ adjustedDiffer, favoursFirst, same }: Evidence): Verdict {
  if (adjustedDiffer >= THRESHOLD) return favoursFirst ? 'better' : 'worse';
  return same && same.adjusted >= THRESHOLD ? 'same' : 'open';
}

function report({ starts, test }: Case, evidence: Evidence, verdict: Verdict): Judgement {
  const { differ, adjustedDiffer, same } = evidence;
  const pairs = starts.slice(0, test.starts).reduce((sum, each) => sum + each.pairs, 0);
  const missing = verdict === 'open' ? test.startsUntil(thresholdsOf(evidence)) : 0;
  return {
    verdict,
    difference: test.difference,
    eValue: bounded(differ),
    adjustedEValue: bounded(adjustedDiffer),
    ...(same && { sameEValue: bounded(same.own), adjustedSameEValue: bounded(same.adjusted) }),
    pairs,
    morePairs: missing === null ? null : Math.round((missing * pairs) / Math.max(1, test.starts)),
    starts: test.starts,
  };
}

/** Beside others a pair needs as much more than 20 as its adjusted value is less than its own. */
function thresholdsOf({ differ, adjustedDiffer, same }: Evidence): Thresholds {
  return {
    logE: THRESHOLD + differ - adjustedDiffer,
    logSameE: THRESHOLD + (same ? same.own - same.adjusted : 0),
  };
}

/** As a number that JSON can hold. */
function bounded(log: number): number {
  return Math.min(Math.exp(log), Number.MAX_VALUE);
}
