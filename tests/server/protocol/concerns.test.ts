import { expect, it } from 'vitest';
import { concernsOf, FEW_EPISODES } from '../../../server/protocol/concerns.ts';

const kinds = (modes: Record<string, number>, episodes: number, successes = episodes) =>
  concernsOf({ modes, episodes, successes }).map(({ kind }) => kind);

it('few demonstrations, a mode nobody shows, and failures are worth a word before a training', () => {
  expect(kinds({ left: 10, right: 10 }, FEW_EPISODES)).toEqual([]);
  expect(kinds({ left: 1, right: 0 }, 1)).toEqual(['one mode', 'few']);
  expect(kinds({ left: 30, right: 30 }, 60, 59)).toEqual(['failures']);
});

it('every mode that nobody shows is named, in the order of the task', () => {
  const modes = { left: 0, middle: 60, right: 0 };
  expect(concernsOf({ modes, episodes: 60, successes: 60 })).toEqual([
    { kind: 'one mode', missing: ['left', 'right'] },
  ]);
});
