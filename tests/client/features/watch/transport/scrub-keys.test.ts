import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { Player } from '../../../../../client/features/watch/playback/player.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import { scrubByKey } from '../../../../../client/features/watch/transport/scrub-keys.ts';
import { episodeInfo, frameAt } from '../playback/support.ts';

let player: Player;
/** Presses a key with the time bar focused, at 20 Hz. */
const press = (key: string, shiftKey = false) => scrubByKey(player, { key, shiftKey });

beforeEach(() => {
  player = new Player(signal(1));
  player.begin(new Track(episodeInfo(), ['1', '3']));
  for (let step = 0; step <= 100; step++) player.addFrame(frameAt(step));
  player.seek(50);
});

describe('the time bar', () => {
  it.each([
    ['Home', 0],
    ['End', 100],
    ['ArrowLeft', 48],
    ['ArrowDown', 48],
    ['ArrowRight', 52],
    ['ArrowUp', 52],
    ['PageDown', 30],
    ['PageUp', 70],
  ])('answers to %s as a slider does', (key, step) => {
    expect(press(key)).toBe(true);
    expect(player.position.value).toBe(step);
    expect(player.mode.value).toBe('replay');
  });

  it('goes further by arrows with shift, as everywhere on the page', () => {
    press('ArrowLeft', true);
    expect(player.position.value).toBe(30);
  });

  it('leaves other keys to the page', () => {
    for (const key of ['Tab', 'Enter', ' ', 'l', '1']) expect(press(key)).toBe(false);
    expect(player.position.value).toBe(50);
  });

  it('has nowhere to go before there is an episode', () => {
    player.clear();
    expect(press('End')).toBe(true);
    expect(player.track.value).toBeNull();
  });
});
