/** What the number of starts decides of a comparison; the page and the command line say it alike. */
import type { Comparison } from './results.ts';

/** Starts of a grid of so many rollouts by default: about √n. */
export function usualStarts(rollouts: number): number {
  return Math.max(1, Math.floor(Math.sqrt(rollouts)));
}

/** Levels at which differences are called significant. */
const LEVELS = [0.05, 0.01, 0.001] as const;
/** Above this a level stays out of reach of any outcome that is worth a warning. */
const ALWAYS_SAID = 0.01;

/**
 * The smallest p of McNemar's test clustered by start: all starts on one side, the sign of each a
 * coin's. No outcome, not even 0 % against 100 %, gives less.
 */
export function leastP(starts: number): number {
  return Math.min(1, 2 ** (1 - starts));
}

/** Starts with which p may be as small as `level`. */
export function startsToReach(level: number): number {
  return 1 + Math.ceil(-Math.log2(level));
}

/** What few starts keep out of reach. */
export interface FewStarts {
  readonly starts: number;
  /** No p below this is possible. */
  readonly least: number;
  /** Levels out of reach, and with how many starts they are not. */
  readonly needed: readonly { readonly level: number; readonly starts: number }[];
}

/**
 * What is to be said beside the p-values of a comparison: their bound, where it lies above 0.01, or
 * where one of them is at it or next to it. Null where there is nothing to say.
 */
export function fewStarts({
  starts,
  paired,
}: Pick<Comparison, 'starts' | 'paired'>): FewStarts | null {
  const least = leastP(starts);
  const levels = LEVELS.filter((level) => level < least);
  if (paired.length === 0 || levels.length === 0) return null;
  const near = paired.some(({ mcnemarP }) => mcnemarP <= 2 * least);
  if (least <= ALWAYS_SAID && !near) return null;
  // Of the highest level there is enough to do.
  const named = levels.filter((level) => level >= ALWAYS_SAID);
  const needed = (named.length > 0 ? named : levels).map((level) => {
    return { level, starts: startsToReach(level) };
  });
  return { starts, least, needed };
}
