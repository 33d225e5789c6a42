import { expect, it } from 'vitest';
import {
  attendedIn,
  largestShare,
} from '../../../../../client/features/watch/playback/attended.ts';

const READ = { tokens: ['<start>', 'red', 'apricot', '<state>', '<red>'], unknown: ['apricot'] };
/** Two network evaluations. */
const ATTENTION = {
  tokens: 5,
  weights: Float32Array.of(0.5, 0.25, 0, 0.125, 0.125, 0.125, 0, 0.25, 0, 0.625),
};

it('each token has its share of every network evaluation, the first one first', () => {
  expect(attendedIn(READ, ATTENTION)).toEqual([
    { kind: 'start', name: 'start', known: true, shares: [0.5, 0.125] },
    { kind: 'word', name: 'red', known: true, shares: [0.25, 0] },
    { kind: 'word', name: 'apricot', known: false, shares: [0, 0.25] },
    { kind: 'thing', name: 'state', known: true, shares: [0.125, 0] },
    { kind: 'thing', name: 'red', known: true, shares: [0.125, 0.625] },
  ]);
  expect(largestShare(attendedIn(READ, ATTENTION))).toBe(0.625);
});

it.each([
  ['before a plan has said where it looked', null],
  ['of a plan that looked at other tokens', { ...ATTENTION, tokens: 2 }],
])('%s, tokens are named and no share is told', (_, attention) => {
  const attended = attendedIn(READ, attention);
  expect(attended.map(({ name }) => name)).toEqual(['start', 'red', 'apricot', 'state', 'red']);
  expect(attended.flatMap(({ shares }) => shares)).toEqual([]);
  expect(largestShare(attended)).toBe(0);
});

it('a policy that reads nothing looks at nothing', () => {
  expect(attendedIn({ tokens: [], unknown: [] }, null)).toEqual([]);
});
