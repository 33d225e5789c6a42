import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { Player } from '../../../../../client/features/watch/playback/player.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import { episodeInfo, frameAt } from './support.ts';

let player: Player;

/** An episode of 40 steps (2 s), all of it received. */
function playEpisode(episode: number): Track {
  const id = 1 + episode;
  const track = new Track(episodeInfo({ id, episode }), ['1', '3']);
  player.begin(track);
  for (let step = 0; step <= 40; step++) player.addFrame(frameAt(step, {}, id));
  return track;
}

beforeEach(() => {
  player = new Player(signal(1));
});

describe('the player', () => {
  it('follows the server from episode to episode while it is live', () => {
    const first = playEpisode(0);
    expect(player.track.value).toBe(first);
    const second = playEpisode(1);
    expect(player.track.value).toBe(second);
    expect(player.position.value).toBe(0);
    expect(player.previous).toBe(first);
  });

  it('stops where one seeks, within what was received', () => {
    playEpisode(0);
    player.seek(12);
    expect(player.mode.value).toBe('replay');
    expect(player.playing.value).toBe(false);
    player.tick(1);
    expect(player.position.value).toBe(12);
    player.seek(1000);
    expect(player.position.value).toBe(40);
  });

  it('plays on from there, and is live again at the end', () => {
    playEpisode(0);
    player.seek(20);
    player.play();
    player.tick(0.5);
    expect(player.position.value).toBeCloseTo(30);
    expect(player.mode.value).toBe('replay');
    player.tick(1);
    expect(player.mode.value).toBe('live');
    expect(player.playing.value).toBe(true);
  });

  it('goes back into the previous episode by small steps, and forth again', () => {
    const first = playEpisode(0);
    const second = playEpisode(1);
    player.seek(1);
    player.nudge(-0.1);
    expect(player.track.value).toBe(first);
    expect(player.position.value).toBe(40);
    player.nudge(-1);
    expect(player.position.value).toBe(20);
    player.nudge(1);
    player.nudge(0.1);
    expect(player.track.value).toBe(second);
    expect(player.position.value).toBe(0);
  });

  it('shows the previous episode again, then the current one, then what happens now', () => {
    const first = playEpisode(0);
    const second = playEpisode(1);
    player.again();
    expect(player.track.value).toBe(first);
    expect(player.position.value).toBe(0);
    player.tick(2.1);
    expect(player.track.value).toBe(second);
    expect(player.mode.value).toBe('replay');
    player.tick(2.1);
    expect(player.mode.value).toBe('live');
  });

  it('looks back at no episode of other settings, which would be shown as one of these', () => {
    playEpisode(0);
    const other = new Track(episodeInfo({ id: 2, request: 2 }), ['1', '3']);
    player.begin(other);
    for (let step = 0; step <= 40; step++) player.addFrame(frameAt(step, {}, 2));
    expect(player.previous).toBeNull();
    player.again();
    expect(player.track.value).toBe(other);
  });

  it('follows the server only while it goes on: neither paused nor looking back', () => {
    playEpisode(0);
    expect(player.following.value).toBe(true);
    player.pause();
    expect(player.mode.value).toBe('live');
    expect(player.following.value).toBe(false);
    player.play();
    expect(player.following.value).toBe(true);
    player.seek(3);
    player.play();
    expect(player.following.value).toBe(false);
    player.live();
    expect(player.following.value).toBe(true);
  });

  it('returns to now on demand', () => {
    playEpisode(0);
    const second = playEpisode(1);
    player.again();
    player.live();
    expect(player.track.value).toBe(second);
    expect(player.position.value).toBe(40);
    expect(player.playing.value).toBe(true);
  });

  it('keeps what one looks at when the next episode begins meanwhile', () => {
    const first = playEpisode(0);
    player.seek(5);
    playEpisode(1);
    expect(player.track.value).toBe(first);
    expect(player.position.value).toBe(5);
  });

  it('counts jumps, so that trails are drawn anew', () => {
    playEpisode(0);
    const before = player.jumps.value;
    player.tick(0.1);
    expect(player.jumps.value).toBe(before);
    player.seek(3);
    expect(player.jumps.value).toBeGreaterThan(before);
  });
});
