import { expect, it } from 'vitest';
import { sayVerdict } from '../../../../client/features/compare/say-verdict.ts';
import { COMPARE_TEXTS } from '../../../../client/features/compare/texts.ts';
import { judgePairs } from '../../../../server/statistics/index.ts';

/** Of five starts or more, of one rollout each, with these differences. */
const judged = (differences: readonly number[], within: number | null = null) =>
  judgePairs([differences.map((mean) => ({ mean, pairs: 1 }))], [differences.length], within)[0];
const times = (count: number, difference: number) => Array<number>(count).fill(difference);

it.each([
  // Six unanimous pairs: E(6, 0) = 20.3.
  [judged(times(6, 1)), 'better, e = 20', '更好, e = 20'],
  [judged(times(6, -1)), 'worse, e = 20', '更差, e = 20'],
  [judged(times(5, 1)), 'cannot tell yet, about 1 more pairs', '尚无法判断, 约需再有 1 对'],
  [judged(times(7, 0)), 'cannot tell yet', '尚无法判断'],
])('a verdict is told in words, with its evidence or what is missing', (verdict, en, zh) => {
  expect(sayVerdict(verdict, 0, COMPARE_TEXTS.en.verdict)).toBe(en);
  expect(sayVerdict(verdict, 0, COMPARE_TEXTS.zh.verdict)).toBe(zh);
});

it('sameness is told with the difference that counts as none', () => {
  expect(sayVerdict(judged(times(400, 0), 0.05), 0.05, COMPARE_TEXTS.en.verdict)).toMatch(
    /^same, δ = 0.05, e = \d/,
  );
});
