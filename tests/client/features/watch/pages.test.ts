import { describe, expect, it } from 'vitest';
import { pageBeside, turnOf } from '../../../../client/features/watch/pages.ts';

const touch = (x: number, y: number, at: number) => ({ x, y, at });

describe('a finger on a phone', () => {
  it.each<[string, ReturnType<typeof touch>, 1 | -1 | 0]>([
    ['to the left brings the next view', touch(100, 320, 250), 1],
    ['to the right brings the one before', touch(290, 280, 250), -1],
    ['that rests turns nothing', touch(203, 300, 250), 0],
    ['that wanders slowly turns nothing', touch(90, 300, 900), 0],
    ['up or down turns nothing', touch(140, 180, 250), 0],
  ])('%s', (_, lifted, expected) => {
    expect(turnOf(touch(200, 300, 0), lifted)).toBe(expected);
  });
});

describe('the pages of a phone', () => {
  it('are the views in their order, and all of them at once at the end', () => {
    expect([pageBeside('1', 1), pageBeside('2', 1), pageBeside('3', 1)]).toEqual(['2', '3', null]);
    expect([pageBeside(null, -1), pageBeside('2', -1)]).toEqual(['3', '1']);
  });

  it('end at both sides', () => {
    expect([pageBeside('1', -1), pageBeside(null, 1)]).toEqual(['1', null]);
  });
});
