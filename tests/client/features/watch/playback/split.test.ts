import { describe, expect, it } from 'vitest';
import {
  decidedFan,
  isPlanning,
  splitOf,
  verdictOf,
} from '../../../../../client/features/watch/playback/split.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import { episodeInfo, fanAt, frameAt } from './support.ts';

const none = { none: 0, invalid: 0, modes: [] };

describe('a split', () => {
  it('counts futures by mode', () => {
    expect(splitOf(fanAt(0, 0, ['left', 'right', 'left', 'invalid', 'none']))).toEqual({
      none: 1,
      invalid: 1,
      modes: [2, 1],
    });
  });

  it('is taken of the last plan that reached the post', () => {
    const track = new Track(episodeInfo(), ['1', '3']);
    track.addFan(fanAt(1, 0, ['left', 'right']));
    track.addFan(fanAt(1, 16, ['left', 'left']));
    track.addFan(fanAt(1, 32, ['none', 'none']));
    expect(decidedFan(track, '3', 8)?.step).toBe(0);
    expect(decidedFan(track, '3', 99)?.step).toBe(16);
    expect(decidedFan(track, '1', 99)).toBeNull();
  });

  it('is no longer taken of plans that begin at the post', () => {
    const track = new Track(episodeInfo(), ['1', '3']);
    track.addFan(fanAt(0, 0, ['invalid']));
    for (let step = 0; step <= 20; step++) track.addFrame(frameAt(step, { contact: step >= 18 }));
    track.addFan(fanAt(0, 20, ['right']));
    expect(decidedFan(track, '1', 10)?.step).toBe(0);
    expect(decidedFan(track, '1', 30)?.step).toBe(0);
  });
});

describe('the verdict', () => {
  it('calls an answer in the middle an average, and a mode by its place', () => {
    expect(verdictOf(true, null)).toBe('averages');
    expect(verdictOf(true, { ...none, invalid: 16 })).toBe('averages');
    expect(verdictOf(true, { ...none, modes: [16] })).toEqual({ mode: 0 });
    expect(verdictOf(true, { ...none, modes: [0, 16] })).toEqual({ mode: 1 });
  });

  it('says of the others that they sample, whatever came out', () => {
    expect(verdictOf(false, { ...none, modes: [16] })).toBe('samples');
  });
});

describe('a lane', () => {
  it('is planning at the end of an action horizon, until its plan or the next frame comes', () => {
    const track = new Track(episodeInfo({ actionHorizon: 4 }), ['1', '3']);
    track.addFrame(frameAt(0));
    expect(isPlanning(track, '1')).toBe(true);
    track.addFan(fanAt(0, 0));
    expect(isPlanning(track, '1')).toBe(false);
    for (const step of [1, 2, 3]) track.addFrame(frameAt(step));
    expect(isPlanning(track, '1')).toBe(false);
    track.addFrame(frameAt(4));
    expect(isPlanning(track, '1')).toBe(true);
    track.addFrame(frameAt(5));
    expect(isPlanning(track, '1')).toBe(false);
    track.addFrame(frameAt(8, { ended: true }));
    expect(isPlanning(track, '1')).toBe(false);
  });
});
