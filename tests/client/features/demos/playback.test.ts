import { describe, expect, it } from 'vitest';
import { EpisodePlayback } from '../../../../client/features/demos/playback.ts';
import { movingEpisode } from './support.ts';

describe('an episode that is played', () => {
  it('moves in real time, stops at its end, and begins anew from there', () => {
    const playback = new EpisodePlayback(movingEpisode());
    playback.tick(0.5);
    expect(playback.position.value).toBe(10);
    playback.tick(2);
    expect(playback.position.value).toBe(20);
    expect(playback.playing.value).toBe(false);
    playback.toggle();
    expect([playback.position.value, playback.playing.value]).toEqual([0, true]);
    playback.seek(99);
    playback.tick(1);
    expect([playback.position.value, playback.playing.value]).toEqual([20, false]);
  });

  it('shows moments between two frames, and what has happened by then', () => {
    const playback = new EpisodePlayback(movingEpisode());
    const before = playback.moment(14.5);
    expect(before.state[3]).toBeCloseTo(1.45, 5);
    expect(before.objects[0][2]).toBeCloseTo(1.45, 5);
    expect([before.contact, before.success]).toEqual([false, false]);
    expect(playback.moment(15).success).toBe(true);
    const unknown = new EpisodePlayback(movingEpisode({ events: null }));
    expect(unknown.moment(20).success).toBe(false);
  });

  it('has a curve of what was done and one of what was wanted', () => {
    const playback = new EpisodePlayback(movingEpisode());
    expect(playback.curve('state', 7)[20]).toBeCloseTo(2, 5);
    expect(playback.curve('action', 7)[20]).toBeCloseTo(3, 5);
    expect(playback.tcp('state')).toHaveLength(63);
    expect(playback.tcp('command')).toEqual(playback.tcp('action'));
  });

  it('of very many frames is sent thinned out, and keeps its time', () => {
    const playback = new EpisodePlayback(movingEpisode({ length: 42, stride: 2 }));
    expect(playback.last).toBe(40);
    expect(playback.moment(21).state[0]).toBeCloseTo(1.05, 5);
  });

  it('is refused where its bytes are not its frames', () => {
    const frames = new ArrayBuffer(12);
    expect(() => new EpisodePlayback(movingEpisode({ frames }))).toThrow('expected 567 numbers');
  });
});
