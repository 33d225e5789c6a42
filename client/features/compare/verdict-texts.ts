import type { Comparison } from '../../../server/protocol/index.ts';
import type { Language } from '../../texts.ts';

/** What may be said of two policies. */
type Judgement = NonNullable<Comparison['paired'][number]['judged']>;

interface VerdictTexts {
  readonly better: string;
  readonly worse: string;
  /** @param delta the largest difference that counts as none */
  same(delta: number): string;
  readonly open: string;
  /** @param pairs that are missing, a guess */
  more(pairs: string): string;
  /** What letters say. */
  readonly letters: string;
}

/** Words of verdicts, as the command line has them; no page waits for them that compares nothing. */
export const VERDICT_TEXTS: Readonly<Record<Language, VerdictTexts>> = {
  en: {
    better: 'better',
    worse: 'worse',
    same: (delta) => `same, δ = ${delta}`,
    open: 'cannot tell yet',
    more: (pairs) => `about ${pairs} more pairs`,
    letters: 'Policies that share a letter are not told apart; a is of the best.',
  },
  zh: {
    better: '更好',
    worse: '更差',
    same: (delta) => `相同，δ = ${delta}`,
    open: '尚无法判断',
    more: (pairs) => `约需再有 ${pairs} 对`,
    letters: '共有一个字母的策略无法区分；a 属于最好的。',
  },
};

/** "better, e = 27", "cannot tell yet, about 40 more pairs". */
export function sayVerdict(
  { verdict, morePairs, adjustedEValue, adjustedSameEValue = 0 }: Judgement,
  within: number,
  language: Language,
): string {
  const text = VERDICT_TEXTS[language];
  if (verdict === 'open') {
    const more = morePairs === null ? [] : [text.more(twoDigits(morePairs))];
    return [text.open, ...more].join(', ');
  }
  if (verdict === 'same') return `${text.same(within)}, e = ${twoDigits(adjustedSameEValue)}`;
  return `${text[verdict]}, e = ${twoDigits(adjustedEValue)}`;
}

function twoDigits(value: number): string {
  return value >= 10_000 ? value.toExponential(0) : String(Number(value.toPrecision(2)));
}
