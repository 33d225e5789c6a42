import { describe, expect, it } from 'vitest';
import { createSample, Track } from '../../../../../client/features/watch/playback/track.ts';
import { episodeInfo, fanAt, frameAt } from './support.ts';

function trackOf(steps: readonly number[]): Track {
  const track = new Track(episodeInfo(), ['1', '3']);
  for (const step of steps) track.addFrame(frameAt(step));
  return track;
}

describe('a track', () => {
  it('shows a frame as it came', () => {
    const sample = createSample();
    expect(trackOf([0, 1, 2]).sample('3', 1, sample)).toBe(true);
    expect(Array.from(sample.joints)).toEqual([101, 101, 101, 101, 101, 101, 101]);
    expect(sample.opening).toBeCloseTo(0.01);
    expect(sample.objects.map((position) => Array.from(position))).toEqual([[1, 2, 3]]);
  });

  it('moves evenly between two frames, also where some are missing between them', () => {
    const sample = createSample();
    trackOf([0, 4]).sample('1', 1, sample);
    expect(sample.joints[0]).toBeCloseTo(1);
    trackOf([0, 4]).sample('1', 3.5, sample);
    expect(sample.joints[0]).toBeCloseTo(3.5);
  });

  it('keeps every object, what is held up and the side passed', () => {
    const info = episodeInfo({
      objects: [
        [0.6, 0.1, 0.03],
        [0.7, -0.1, 0.03],
      ],
    });
    const track = new Track(info, ['1', '3']);
    const twoAt = (step: number, height: number, lifted: number) => {
      const frame = frameAt(step);
      const objects = [
        [0.6, 0.1, 0.03],
        [0.7, -0.1, height],
      ];
      return {
        ...frame,
        lanes: frame.lanes.map((lane) => ({ ...lane, objects, lifted, mode: 1 })),
      };
    };
    track.addFrame(twoAt(0, 0.1, -1));
    track.addFrame(twoAt(2, 0.3, 1));
    const sample = createSample();
    track.sample('3', 1, sample);
    expect(sample.objects[0][2]).toBeCloseTo(0.03);
    expect(sample.objects[1][2]).toBeCloseTo(0.2);
    expect(sample).toMatchObject({ lifted: -1, mode: 1 });
    track.sample('3', 2, sample);
    expect(sample.lifted).toBe(1);
    // A sample that was used for two balls before serves one as well.
    trackOf([0]).sample('1', 0, sample);
    expect(sample.objects).toHaveLength(1);
  });

  it('takes no frame with other objects than its episode has', () => {
    const frame = frameAt(1);
    const lanes = frame.lanes.map((lane) => ({ ...lane, objects: [...lane.objects, [0, 0, 0]] }));
    expect(trackOf([0]).addFrame({ ...frame, lanes })).toBe(false);
  });

  it('stands still before its first and after its last frame', () => {
    const sample = createSample();
    trackOf([3, 4]).sample('1', 0, sample);
    expect(sample.joints[0]).toBe(3);
    trackOf([3, 4]).sample('1', 99, sample);
    expect(sample.joints[0]).toBe(4);
  });

  it('tells of an event from the frame on that reported it, not before', () => {
    const track = trackOf([0, 1]);
    track.addFrame(frameAt(2, { contact: true }));
    const sample = createSample();
    track.sample('1', 1.9, sample);
    expect(sample.contact).toBe(false);
    track.sample('1', 2, sample);
    expect(sample.contact).toBe(true);
    expect(track.marks('1')).toEqual({ contact: 2, success: null, ended: null });
  });

  it('keeps the first step of an event', () => {
    const track = trackOf([0]);
    for (const step of [5, 6, 7]) track.addFrame(frameAt(step, { success: true, ended: step > 5 }));
    expect(track.marks('3')).toEqual({ contact: null, success: 5, ended: 6 });
  });

  it('refuses frames that are not newer, and those of another stage', () => {
    const track = trackOf([0, 1, 2]);
    expect(track.addFrame(frameAt(2))).toBe(false);
    expect(track.addFrame(frameAt(1))).toBe(false);
    expect(track.addFrame({ ...frameAt(3), lanes: frameAt(3).lanes.slice(1) })).toBe(false);
    expect(track.lastStep).toBe(2);
  });

  it('refuses what belongs to another episode, however new it is', () => {
    const track = trackOf([0, 1]);
    expect(track.addFrame(frameAt(2, {}, 0))).toBe(false);
    expect(track.addFan(fanAt(1, 2, ['left'], 2))).toBe(false);
    expect(track.addFrame(frameAt(2))).toBe(true);
    expect(track.addFan(fanAt(1, 2))).toBe(true);
  });

  it('holds more frames than it was made for', () => {
    const steps = Array.from({ length: 700 }, (_, step) => step);
    const track = trackOf(steps);
    const sample = createSample();
    for (const step of [0, 255, 256, 699]) {
      track.sample('1', step, sample);
      expect(sample.joints[0]).toBe(step);
    }
    expect([...track.jointsUntil('1', 10)]).toHaveLength(11);
  });

  it('knows the plan in force at a step', () => {
    const track = trackOf([0, 1, 2]);
    for (const step of [0, 16, 32]) track.addFan(fanAt(1, step));
    expect(track.fanAt('3', 15)?.step).toBe(0);
    expect(track.fanAt('3', 16)?.step).toBe(16);
    expect(track.fanAt('1', 16)).toBeNull();
    expect(track.addFan(fanAt(1, 16))).toBe(false);
    expect(track.addFan(fanAt(7, 48))).toBe(false);
  });

  it('shows nothing of a lane it does not have', () => {
    expect(trackOf([0]).sample('2', 0, createSample())).toBe(false);
  });
});
