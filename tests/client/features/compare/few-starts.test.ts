import { describe, expect, it } from 'vitest';
import { COMPARE_TEXTS } from '../../../../client/features/compare/texts.ts';

describe('what the page says of few starts', () => {
  const needed: readonly [starts: number, p: number][] = [
    [6, 0.05],
    [8, 0.01],
  ];

  it('names the bound and how many starts it takes, in each language', () => {
    expect(COMPARE_TEXTS.en.fewStarts(5, '0.063', needed)).toBe(
      'With 5 starts no p below 0.063 is possible; it takes 6 to reach 0.05, 8 to reach 0.01.',
    );
    const chinese = COMPARE_TEXTS.zh.fewStarts(5, '0.063', needed);
    for (const number of ['5', '0.063', '6', '0.05', '8', '0.01']) {
      expect(chinese).toContain(number);
    }
  });

  it('speaks of one start as of one', () => {
    expect(COMPARE_TEXTS.en.fewStarts(1, '1', needed)).toContain('With 1 start no p');
    expect(COMPARE_TEXTS.en.setup(4, 1, 0, 20)).toContain('from 1 start,');
  });
});
