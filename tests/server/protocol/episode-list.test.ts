import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatEpisodeList, parseEpisodeList } from '../../../server/protocol/episode-list.ts';

it('a list of episodes is short, and means what was meant', () => {
  expect(formatEpisodeList([3, 1, 2, 7, 1])).toBe('1-3,7');
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1 }), (episodes) => {
      const sorted = [...episodes].sort((a, b) => a - b);
      expect([...parseEpisodeList(formatEpisodeList(episodes), 61)]).toEqual(sorted);
    }),
  );
});

it.each(['', '1-', '3-1', '5', '0-5', '1,,2', 'all', '0-999999'])(
  'the list "%s" of five episodes is refused with what was expected',
  (text) => {
    expect(parseEpisodeList(text, 5)).toMatch(/^expected .*, got /);
  },
);
