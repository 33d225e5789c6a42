import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Player } from '../../../../client/features/watch/playback/player.ts';
import { Track } from '../../../../client/features/watch/playback/track.ts';
import { momentOf } from '../../../../client/shell/address/moment.ts';
import { episodeInfo, frameAt } from '../../features/watch/playback/support.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('says where time stands still once it does, however one got there, and nothing while it plays', () => {
  const player = new Player(signal(1));
  const moment = momentOf(player);
  player.begin(new Track(episodeInfo(), ['1', '3']));
  for (let step = 0; step <= 40; step++) player.addFrame(frameAt(step));
  expect(moment.value).toBeNull();
  for (const step of [3, 9, 20]) player.seek(step);
  expect(moment.value).toBeNull();
  vi.runAllTimers();
  expect(moment.value).toBe(20);
  player.live();
  expect(moment.value).toBeNull();
});

it('says where to while it is on its way there', () => {
  const player = new Player(signal(1));
  player.stopAt(34, true);
  expect(momentOf(player).value).toBe(34);
});
