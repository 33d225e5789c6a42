import { mcnemar } from './estimates.ts';

/** Rollouts of one start in pairs, with and without something. */
export interface PairedOutcomes {
  readonly pairs: number;
  /** Pairs in which only the one with it succeeds. */
  readonly gained: number;
  /** Pairs in which only the one without it succeeds. */
  readonly lost: number;
}

/** What something does to success. */
export interface PairedDifference extends PairedOutcomes {
  /** Success with it less success without it, over all pairs. */
  readonly difference: number;
  readonly ci95: readonly [low: number, high: number];
  /** Two-sided exact p-value: each start's sign is a coin's. */
  readonly p: number;
  readonly starts: number;
}

/** 97.5 % quantile of the standard normal. */
const Z = 1.959963984540054;

/**
 * Difference of two rates over the same starts and noises, with its interval: Wald's after half a pair
 * more of each kind of outcome, for n that is divided by the design effect, the variance between
 * starts over that of independent pairs. Where all pairs agree nothing is known of it: then n is the
 * number of starts.
 *
 * @param starts of each its outcomes
 * @see Bonett and Price 2012, J. Educ. Behav. Stat. 37, 479–488; Rao and Scott 1992, Biometrics 48,
 *      577–585
 */
export function pairedDifference(starts: readonly PairedOutcomes[]): PairedDifference {
  const sum = (of: (outcomes: PairedOutcomes) => number) =>
    starts.reduce((total, each) => total + of(each), 0);
  const [pairs, gained, lost] = [
    sum((each) => each.pairs),
    sum((each) => each.gained),
    sum((each) => each.lost),
  ];
  const difference = (gained - lost) / pairs;
  const independent = gained + lost - pairs * difference * difference;
  const between =
    (starts.length / Math.max(1, starts.length - 1)) *
    sum((each) => (each.gained - each.lost - difference * each.pairs) ** 2);
  const known = independent > 0 && starts.length > 1;
  const effect = known ? Math.max(1, between / independent) : pairs / starts.length;
  const n = pairs / effect + 2;
  const [up, down] = [gained, lost].map((count) => (count / effect + 1) / n);
  const half = Z * Math.sqrt((up + down - (up - down) ** 2) / n);
  return {
    ...{ difference, pairs, gained, lost, starts: starts.length },
    ci95: [Math.max(-1, up - down - half), Math.min(1, up - down + half)],
    p: mcnemar(starts.map((each) => each.gained - each.lost)),
  };
}
