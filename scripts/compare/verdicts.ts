import type { Comparison, Judgement } from '../../server/protocol/results.ts';
import { formatTable } from '../table.ts';

/** A line a pair of policies: what may be said of it, and on which evidence. */
export function formatVerdicts({
  paired,
  ended,
  within,
}: Pick<Comparison, 'paired' | 'ended' | 'within'>): string {
  // McNemar's test means what it says where the number of rollouts was fixed before.
  const fixed = ended === undefined;
  const table = formatTable(
    ['pair', 'verdict', 'more', 'e', 'pairs', ...(fixed ? ['McNemar p'] : [])],
    paired.map(({ a, b, mcnemarP, judged }) => [
      `${a} against ${b}`,
      ...(judged ? verdictCells(judged, within) : ['–', '–', '–', '–']),
      ...(fixed ? [mcnemarP.toPrecision(2)] : []),
    ]),
  );
  return paired.length > 1 ? `${table}${FAMILY}\n` : table;
}

/** A verdict, the pairs that are missing, the evidence, and the pairs there are. */
export function verdictCells(judged: Judgement, within?: number): string[] {
  return [sayVerdict(judged, within), sayMore(judged), sayEvidence(judged), String(judged.pairs)];
}

/** What the verdicts of several pairs are worth together. */
export const FAMILY =
  'policies that share a letter are not told apart: e, adjusted for so many pairs, is below 20;\n' +
  'with probability 95 % or more all differences claimed are real';

function sayVerdict({ verdict }: Judgement, within = 0): string {
  if (verdict === 'same') return `same, δ = ${within}`;
  return verdict === 'open' ? 'cannot tell yet' : verdict;
}

/** Pairs that are missing, to two digits: it is a guess. */
function sayMore({ verdict, morePairs }: Judgement): string {
  if (verdict !== 'open' || morePairs === null) return '–';
  return `~${Number(morePairs.toPrecision(2)).toLocaleString('en')}`;
}

/** What the verdict rests on. */
function sayEvidence({ verdict, adjustedEValue, adjustedSameEValue = 0 }: Judgement): string {
  const value = verdict === 'same' ? adjustedSameEValue : adjustedEValue;
  return value >= 1000 ? value.toExponential(0) : value.toPrecision(3);
}

export function sayEnded(
  { paired, rollouts }: Pick<Comparison, 'paired' | 'rollouts'>,
  { taken, saved }: NonNullable<Comparison['ended']>,
): string {
  const open = paired.flatMap(({ judged }) => (judged?.verdict === 'open' ? [judged] : []));
  const givenUp = open.some(({ pairs }) => pairs < rollouts);
  const still = `${open.length} of ${paired.length} pairs still open`;
  const left =
    open.length === 0
      ? 'all pairs decided'
      : `${still}${givenUp ? ', which the rest would hardly decide' : ''}`;
  const share = Math.round((100 * saved) / (taken + saved));
  return `${left} · ${taken} rollouts taken, ${saved} saved (${share} %)`;
}
