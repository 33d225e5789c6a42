import { describe, expect, it } from 'vitest';
import { captionAt } from '../../../../../client/features/watch/playback/captions.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import { episodeInfo, fanAt, frameAt } from './support.ts';

/** View 1 has one answer, view 3 samples; the post is touched at a step. */
function trackOf(contact: number): Track {
  const track = new Track(episodeInfo(), ['1', '3']);
  track.addFan(fanAt(0, 0, ['invalid']));
  track.addFan(fanAt(1, 0, ['left', 'right', 'left']));
  for (let step = 0; step <= 200; step++) {
    track.addFrame(frameAt(step, { contact: step >= contact }));
  }
  return track;
}
const oneAnswer = (lane: string) => lane === '1';
const kindAt = (track: Track, step: number) => captionAt(track, step, oneAnswer)?.kind ?? null;

describe('the caption of a moment', () => {
  it('tells of the fork, then of the mean that met the post, one at a time', () => {
    const track = trackOf(40);
    expect(captionAt(track, 0, oneAnswer)).toEqual({
      kind: 'fork',
      lane: '3',
      split: { none: 0, invalid: 0, modes: [2, 1] },
    });
    expect(kindAt(track, 39)).toBe('fork');
    expect(captionAt(track, 40, oneAnswer)).toEqual({ kind: 'mean', lane: '1' });
    expect([99, 100, 139, 140].map((step) => kindAt(track, step))).toEqual([
      'mean',
      'fork',
      'fork',
      null,
    ]);
  });

  it('is there again where one goes back in time', () => {
    const track = trackOf(40);
    expect([kindAt(track, 190), kindAt(track, 41), kindAt(track, 3)]).toEqual([
      null,
      'mean',
      'fork',
    ]);
  });

  it('says nothing of plans that agree, nor of a contact of a policy that samples', () => {
    const track = new Track(episodeInfo(), ['1', '3']);
    track.addFan(fanAt(0, 0, ['left']));
    track.addFan(fanAt(1, 0, ['left', 'left']));
    for (let step = 0; step <= 20; step++) track.addFrame(frameAt(step, { contact: step > 3 }));
    expect([0, 5, 20].map((step) => kindAt(track, step))).toEqual([null, null, null]);
  });
});
