import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { foldPages, pageBeside, turnOf } from '../../../../client/features/watch/pages.ts';
import type { LaneId } from '../../../../client/shared/lanes/lanes.ts';

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

describe('a window', () => {
  const folded = (focused: LaneId | null = null) => {
    const narrow = signal(false);
    const focus = signal<LaneId | null>(focused);
    foldPages(narrow, focus);
    return { narrow, focus };
  };

  it('that becomes as narrow as a phone shows one view, and all of them once it is wide again', () => {
    const { narrow, focus } = folded();
    narrow.value = true;
    expect(focus.value).toBe('1');
    narrow.value = false;
    expect(focus.value).toBeNull();
  });

  it('keeps the view that somebody has chosen, before or meanwhile', () => {
    const before = folded('2');
    before.narrow.value = true;
    before.narrow.value = false;
    expect(before.focus.value).toBe('2');
    const { narrow, focus } = folded();
    narrow.value = true;
    focus.value = '3';
    narrow.value = false;
    expect(focus.value).toBe('3');
  });
});
