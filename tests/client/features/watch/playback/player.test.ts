import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it } from 'vitest';
import { Player } from '../../../../../client/features/watch/playback/player.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import { episodeInfo, fanAt, frameAt } from './support.ts';

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

describe('an episode that is to stop', () => {
  /** Of 40 steps; frame by frame, until it no longer follows. */
  function playUntilStill(episode: number): Track {
    const id = 1 + episode;
    const track = new Track(episodeInfo({ id, episode }), ['1', '3']);
    player.begin(track);
    for (let step = 0; step <= 40 && player.following.value; step++) {
      player.addFrame(frameAt(step, { ended: step === 40 }, id));
    }
    return track;
  }

  it('plays to that moment and stands still there', () => {
    player.stopAt(34, true);
    expect(player.stop.value).toBe(34);
    const track = playUntilStill(0);
    expect(track.lastStep).toBe(34);
    expect([player.position.value, player.playing.value, player.stop.value]).toEqual([
      34,
      false,
      null,
    ]);
    expect(player.arrival.value).toEqual({ wanted: 34, at: 34 });
  });

  it('stands still at its end where it is shorter, and says so', () => {
    player.stopAt(60, true);
    playUntilStill(0);
    expect(player.position.value).toBe(40);
    expect(player.arrival.value).toEqual({ wanted: 60, at: 40 });
  });

  it('stands still at its end where that was never sent', () => {
    player.stopAt(60, true);
    const track = playEpisode(0);
    expect(player.following.value).toBe(true);
    playEpisode(1);
    expect(player.track.value).toBe(track);
    expect(player.arrival.value).toEqual({ wanted: 60, at: 40 });
  });

  it('is the one that begins next where another plays', () => {
    playEpisode(0);
    player.stopAt(10, true);
    expect(player.playing.value).toBe(true);
    const track = new Track(episodeInfo({ id: 9, request: 2 }), ['1', '3']);
    player.begin(track);
    for (let step = 0; step <= 12; step++) player.addFrame(frameAt(step, {}, 9));
    expect([player.track.value, player.position.value]).toEqual([track, 10]);
  });

  it('goes there at once where it has been received', () => {
    playEpisode(0);
    player.stopAt(10, false);
    expect([player.position.value, player.playing.value]).toEqual([10, false]);
  });

  it('stops as soon as every view has its first plan, to look at them', () => {
    player.stopAt('first plans', true);
    playEpisode(0);
    player.addFan(fanAt(0, 0));
    expect(player.playing.value).toBe(true);
    player.addFan(fanAt(1, 0));
    expect([player.position.value, player.playing.value]).toEqual([0, false]);
  });

  it.each<readonly [string, () => void]>([
    ['elsewhere', () => player.seek(3)],
    ['back to what happens now', () => player.live()],
  ])('is given up where one goes %s', (_, go) => {
    player.stopAt(60, true);
    playEpisode(0);
    go();
    expect(player.stop.value).toBeNull();
  });
});
