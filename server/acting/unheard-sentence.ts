import { Random } from '../../policies/random.ts';
import type { Goal, TaskLanguage } from '../../sim/index.ts';

/** What an instruction names: the kinds of sentences that are told apart. */
const KINDS: readonly ((goal: Goal) => boolean)[] = [
  ({ object, mode }) => object !== null && mode === null,
  ({ object, mode }) => object === null && mode !== null,
  ({ object, mode }) => object !== null && mode !== null,
];

/**
 * A sentence held out of training. Of three in a row the first names the object, the second the
 * side, the third both.
 *
 * @param number of the sentence among those of the seed
 */
export function unheardSentence({ phrases }: TaskLanguage, seed: number, number: number): string {
  const isKind = KINDS[number % KINDS.length];
  const kind = phrases.filter(({ goal, heldOut }) => heldOut && isKind(goal));
  return kind[Random.of(seed, number).below(kind.length)].text;
}
