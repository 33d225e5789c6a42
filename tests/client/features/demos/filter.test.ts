import { expect, it } from 'vitest';
import {
  countModes,
  type EpisodeFilter,
  EVERYTHING,
  passes,
  toggleMode,
} from '../../../../client/features/demos/filter.ts';
import type { EpisodeSummary } from '../../../../server/protocol/index.ts';

const EPISODES: readonly EpisodeSummary[] = [
  { mode: 'left', source: 'scripted', success: true, length: 100 },
  { mode: 'right', source: 'browser', success: false, length: 80, interventions: 5 },
  { mode: null, source: 'browser', success: false, length: 300 },
].map((each, index) => ({ ...each, index, contact: false, replayHash: '' }));

it.each<[string, Partial<EpisodeFilter>, readonly number[]]>([
  ['nothing is narrowed down', {}, [0, 1, 2]],
  ['a mode is hidden', { hiddenModes: ['left'] }, [1, 2]],
  ['those without a mode are hidden', { hiddenModes: [''] }, [0, 1]],
  ['successes', { result: 'success' }, [0]],
  ['takeovers', { source: 'intervention' }, [1]],
  ['failures of people', { result: 'failure', source: 'browser' }, [2]],
  ['lengths, bounds included', { shortest: 80, longest: 100 }, [0, 1]],
  ['the odd ones', { odd: true }, [2]],
])('episodes are listed: %s', (_, change, expected) => {
  const filter = { ...EVERYTHING, ...change };
  const listed = EPISODES.filter((each) => passes(filter, each, new Set([2])));
  expect(listed.map(({ index }) => index)).toEqual(expected);
});

it('a mode is hidden and shown again', () => {
  const hidden = toggleMode(EVERYTHING, 'left');
  expect(hidden.hiddenModes).toEqual(['left']);
  expect(toggleMode(hidden, 'left')).toEqual(EVERYTHING);
  expect(countModes(EPISODES)).toEqual({ left: 1, right: 1, '': 1 });
});
