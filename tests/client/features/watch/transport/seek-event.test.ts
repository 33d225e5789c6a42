import { signal } from '@preact/signals';
import { beforeEach, expect, it } from 'vitest';
import { Player } from '../../../../../client/features/watch/playback/player.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import { seekEvent } from '../../../../../client/features/watch/transport/seek-event.ts';
import type { StageFrame } from '../../../../../server/protocol/index.ts';
import { episodeInfo, frameAt } from '../playback/support.ts';

let player: Player;

/** View 1 touches a post at 10, view 3 succeeds at 30; of 40 control steps. */
beforeEach(() => {
  player = new Player(signal(1));
  player.begin(new Track(episodeInfo(), ['1', '3']));
  for (let step = 0; step <= 40; step++) {
    const [one] = frameAt(step, { contact: step >= 10 }).lanes;
    const [, three] = frameAt(step, { success: step >= 30 }).lanes;
    const lanes = [one, three].map((lane) => ({ ...lane, opening: 0.05 }));
    player.addFrame({ episodeId: 1, step, lanes } satisfies StageFrame);
  }
  player.seek(20);
});

it('goes to what happened next and before, and stands there', () => {
  expect(seekEvent(player, 1, null)).toBe(true);
  expect(player.position.value).toBe(30);
  seekEvent(player, -1, null);
  expect(player.position.value).toBe(10);
  expect(player.mode.value).toBe('replay');
});

it('counts the view alone that is shown alone', () => {
  expect(seekEvent(player, -1, '3')).toBe(false);
  expect(player.position.value).toBe(20);
});
