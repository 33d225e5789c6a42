import { expect, it } from 'vitest';
import { replayedUntil } from '../../../../../client/features/watch/playback/replay.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import { episodeInfo, frameAt } from './support.ts';

function trackOf(steps: readonly number[], id = 1): Track {
  const track = new Track(episodeInfo({ id }), ['1', '3']);
  for (const step of steps) track.addFrame(frameAt(step, {}, id));
  return track;
}

it('two pages that saw the same have the same digest, whatever came after', () => {
  const one = replayedUntil(trackOf([0, 1, 2, 3]), 2.4);
  const other = replayedUntil(trackOf([0, 1, 2], 7), 2);
  expect(one).toEqual(other);
  expect([one.frames, one.missing]).toEqual([3, 0]);
  expect(one.digest).toMatch(/^[0-9a-f]{16}$/);
});

it('one bit of one joint makes it another', () => {
  const changed = new Track(episodeInfo(), ['1', '3']);
  const frame = frameAt(0);
  const [first, second] = frame.lanes;
  // The f32 next to zero.
  const joints = [2 ** -149, 0, 0, 0, 0, 0, 0];
  changed.addFrame({ ...frame, lanes: [{ ...first, joints }, second] });
  expect(replayedUntil(changed, 0).digest).not.toBe(replayedUntil(trackOf([0]), 0).digest);
});

it('says how many frames never came: then it is no other page’s', () => {
  expect(replayedUntil(trackOf([0, 2, 5]), 5)).toMatchObject({ frames: 3, missing: 3 });
});
