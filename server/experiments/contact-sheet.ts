import type { GridResult } from '../evaluation/evaluate.ts';
import type { Group } from './axes.ts';

/** Of the pictures at most so many are of failures, where there are successes to be shown. */
const FAILED_SHARE = 2 / 3;

/** A rollout by whose it is, and its place in the grid. */
export interface Picked {
  /** Place among the contenders. */
  readonly contender: number;
  readonly rollout: GridResult;
}

/**
 * Which rollouts are looked at: failures first. The groups take turns, the contender with most failures
 * first within each, and each gives its failures in the order of the grid; then of each group a success in
 * each mode, of its contender with most successes, and further ones until there are enough. Rollouts of a
 * contender that are the same to the bit, as those of one that draws no noise, are looked at once.
 *
 * @param rollouts by contender, in the order of the grid
 * @param modes    of the task
 */
export function pickRollouts(
  groups: readonly Group[],
  rollouts: readonly (readonly GridResult[])[],
  modes: readonly string[],
  most: number,
): Picked[] {
  const failed = inTurns(
    groups.map(({ members }) => {
      const failures = members.map((contender) => of(contender, rollouts, isFailure));
      return inTurns(failures.sort((a, b) => b.length - a.length));
    }),
  );
  const succeeded = inTurns(
    groups.map(({ members }) => {
      const successes = members
        .map((contender) => of(contender, rollouts, ({ success }) => success))
        .sort((a, b) => b.length - a.length);
      const [best = []] = successes;
      return inTurns(modes.map((mode) => best.filter(({ rollout }) => rollout.mode === mode)));
    }),
  );
  const room = Math.max(Math.ceil(most * FAILED_SHARE), most - succeeded.length);
  const first = failed.slice(0, room);
  return [...first, ...succeeded.slice(0, most - first.length)];
}

const isFailure = ({ success }: GridResult) => !success;

function of(
  contender: number,
  rollouts: readonly (readonly GridResult[])[],
  holds: (rollout: GridResult) => boolean,
): Picked[] {
  const seen = new Set<string>();
  return rollouts[contender]
    .filter(
      (rollout) => holds(rollout) && !seen.has(rollout.replayHash) && seen.add(rollout.replayHash),
    )
    .map((rollout) => ({ contender, rollout }));
}

/** The first of each list, then the second of each … */
function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    lists.flatMap((list) => list.slice(turn, turn + 1)),
  ).flat();
}
