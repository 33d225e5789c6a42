import type { Comparison, Judgement, PolicyResult } from '../protocol/results.ts';
import {
  judgePairs,
  letters,
  mcnemar,
  prospectsOf,
  type StartDifference,
} from '../statistics/index.ts';
import { countStarts, type GridCell, type GridResult } from './evaluate.ts';
import type { Turns } from './evaluation.ts';

/** Starts before the first look: with fewer no outcome decides anything. */
const FIRST_LOOK = 6;
/** The evidence grows with the starts: a look is worth its while where they are a seventh more. */
const GROWTH = 1.15;

/** Every two of so many, the first of them first. */
export function pairsOf(count: number): readonly (readonly [number, number])[] {
  const numbers = Array.from({ length: count }, (_, i) => i);
  return numbers.flatMap((i) => numbers.slice(i + 1).map((k) => [i, k] as const));
}

/**
 * Numbers of starts after which policies are looked at: ever more of them apart, so that no more than
 * a seventh of the rollouts, or one start, come after what they had to decide.
 */
export function looksAt(starts: number): number[] {
  const looks: number[] = [];
  for (let look = FIRST_LOOK; look < starts; look = Math.ceil(GROWTH * look)) looks.push(look);
  return [...looks, starts];
}

/**
 * Policies end once they are told apart from all others, or what is left would hardly do it; a few starts at a
 * time, each with all its noise.
 */
export function untilDecided(
  cells: readonly Pick<GridCell, 'start'>[],
  within: number | null,
): Turns {
  const starts = [...new Set(cells.map(({ start }) => start))];
  const looks = looksAt(starts.length);
  return {
    looks: looks.map((look) => 1 + cells.findLastIndex(({ start }) => start === starts[look - 1])),
    goOn(results) {
      const furthest = Math.max(...results.map(({ length }) => length));
      if (furthest === 0) return results.map(() => true);
      const pairs = pairsOf(results.length);
      const prospects = prospectsOf(
        pairs.map(([a, b]) => differences(results[a], results[b])),
        looks,
        within,
      );
      // Who has ended stays so, and nobody waits for them.
      const going = results.map(({ length }) => length === furthest);
      return results.map((_, i) =>
        pairs.some(
          (pair, k) => prospects[k] && pair.includes(i) && pair.every((each) => going[each]),
        ),
      );
    },
  };
}

/** How many rollouts of each take part where turns are taken of what is there already. */
export function replayTurns(
  results: readonly (readonly GridResult[])[],
  { looks, goOn }: Turns,
): number[] {
  let taken = results.map(() => 0);
  for (const look of looks) {
    const going = goOn(results.map((each, i) => each.slice(0, taken[i])));
    taken = taken.map((before, i) => (going[i] ? look : before));
  }
  return taken;
}

/** Every two policies held against each other over their rollouts of equal start and noise. */
export function pairUp(
  names: readonly string[],
  results: readonly (readonly GridResult[])[],
  { looks, within }: { readonly looks: readonly number[]; readonly within: number | null },
): Comparison['paired'] {
  const judged = judge(results, looks, within);
  return pairsOf(results.length).map(([a, b], i) => ({
    a: names[a],
    b: names[b],
    mcnemarP: mcnemar(differences(results[a], results[b]).map(({ mean, pairs }) => mean * pairs)),
    judged: judged[i],
  }));
}

/** Two policies compared for themselves, until they are decided. */
export function judgeAlone(
  one: readonly GridResult[],
  other: readonly GridResult[],
  within: number | null,
): Judgement {
  const turns = untilDecided(one, within);
  const [taken] = replayTurns([one, other], turns);
  const starts = countStarts(one);
  return judge([one.slice(0, taken), other.slice(0, taken)], looksAt(starts), within)[0];
}

/** The policies with their letters, where there are several. */
export function withLetters(
  policies: readonly PolicyResult[],
  paired: Comparison['paired'],
): PolicyResult[] {
  if (policies.length < 2) return [...policies];
  const given = lettersOf(
    policies.map(({ success }) => success.rate),
    paired,
  );
  return policies.map((policy, i) => ({ ...policy, letters: given[i] }));
}

/**
 * Letters of policies that share one where they are not told apart; a is of the best.
 *
 * @param rates  of success
 * @param paired in the order of `pairsOf`
 */
export function lettersOf(
  rates: readonly number[],
  paired: readonly Pick<Comparison['paired'][number], 'judged'>[],
): string[] {
  const best = rates.map((_, i) => i).sort((a, b) => rates[b] - rates[a]);
  const apart = new Set<number>();
  pairsOf(rates.length).forEach(([a, b], k) => {
    const verdict = paired[k].judged?.verdict ?? 'open';
    if (verdict !== 'better' && verdict !== 'worse') return;
    apart.add(a * rates.length + b).add(b * rates.length + a);
  });
  const given = letters(rates.length, (one, other) =>
    apart.has(best[one] * rates.length + best[other]),
  );
  return rates.map((_, i) => given[best.indexOf(i)]);
}

function judge(
  results: readonly (readonly GridResult[])[],
  looks: readonly number[],
  within: number | null,
) {
  const pairs = pairsOf(results.length);
  return judgePairs(
    pairs.map(([a, b]) => differences(results[a], results[b])),
    looks,
    within,
  );
}

/** What two policies differ by, start by start, as far as both have come. */
export function differences(
  results: readonly GridResult[],
  others: readonly GridResult[],
): StartDifference[] {
  const sums = new Map<number, { sum: number; pairs: number }>();
  results.slice(0, others.length).forEach(({ start, success }, cell) => {
    const { sum, pairs } = sums.get(start) ?? { sum: 0, pairs: 0 };
    const difference = Number(success) - Number(others[cell].success);
    sums.set(start, { sum: sum + difference, pairs: pairs + 1 });
  });
  return [...sums.values()].map(({ sum, pairs }) => ({ mean: sum / pairs, pairs }));
}
