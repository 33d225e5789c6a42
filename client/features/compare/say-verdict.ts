import type { Comparison } from '../../../server/protocol/index.ts';
import type { compareEn } from './texts-en.ts';

/** What may be said of two policies. */
type Judgement = NonNullable<Comparison['paired'][number]['judged']>;

/** "better, e = 27", "cannot tell yet, about 40 more pairs". */
export function sayVerdict(
  { verdict, morePairs, adjustedEValue, adjustedSameEValue = 0 }: Judgement,
  within: number,
  text: (typeof compareEn)['verdict'],
): string {
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
