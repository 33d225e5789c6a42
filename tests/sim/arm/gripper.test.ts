import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EpisodeSnapshot, Vec3 } from '../../../sim/index.ts';
import { type Episode, MAX_GRIPPER_OPENING } from '../../../sim/index.ts';
import { BALL } from '../../../sim/tasks/behind-posts.ts';
import {
  demonstrateMode,
  freeEpisodes,
  HOLD,
  playRows,
  reachInto,
  restoreEpisode,
  rowOf,
  startEpisode,
} from '../../support/simulation.ts';

afterEach(freeEpisodes);

const command = (opening: number) => [...HOLD.slice(0, 7), opening];
const openingOf = (episode: Episode) => episode.observe().state[7];

describe('an empty gripper', () => {
  it.each([0, 0.03, 0.06])('closes to %d m', (opening) => {
    const episode = startEpisode();
    for (let k = 0; k < 20; k++) episode.step(command(opening));
    expect(Math.abs(openingOf(episode) - opening)).toBeLessThan(2e-4);
  });

  it('opens again', () => {
    const episode = startEpisode();
    for (let k = 0; k < 20; k++) episode.step(command(0.01));
    for (let k = 0; k < 20; k++) episode.step(command(MAX_GRIPPER_OPENING));
    expect(Math.abs(openingOf(episode) - MAX_GRIPPER_OPENING)).toBeLessThan(2e-4);
  });

  it('takes what lies outside its range as its range', () => {
    const episode = startEpisode();
    for (let k = 0; k < 20; k++) episode.step(command(1));
    expect(Math.abs(openingOf(episode) - MAX_GRIPPER_OPENING)).toBeLessThan(2e-4);
    for (let k = 0; k < 25; k++) episode.step(command(-1));
    expect(Math.abs(openingOf(episode))).toBeLessThan(2e-4);
  });

  it('moves each finger at no more than 0.1 m/s', () => {
    const episode = startEpisode();
    for (let k = 0; k < 20; k++) {
      const before = openingOf(episode);
      episode.step(command(0));
      const speed = Math.abs(openingOf(episode) - before) / 2 / 0.05;
      expect(speed).toBeLessThan(0.105);
    }
  });

  it('moves both fingers alike, so that the TCP stays between the pads', () => {
    const episode = startEpisode();
    for (let k = 0; k < 6; k++) episode.step(command(0));
    // The hand points down, so the middle of the two fingers lies straight above the TCP.
    const [tx, ty] = episode.tcp();
    const { world, handles } = reachInto(episode);
    const [a, b] = handles.gripper.fingers.map((f) => world.getRigidBody(f).translation());
    const middle = [(a.x + b.x) / 2, (a.y + b.y) / 2];
    expect(Math.hypot(middle[0] - tx, middle[1] - ty)).toBeLessThan(1e-4);
  });
});

describe('a gripper that holds the ball', () => {
  let grasped: EpisodeSnapshot;
  let last: Float32Array;

  beforeAll(() => {
    const { initial, command: rows, length } = demonstrateMode('left', 1);
    grasped = playRows(startEpisode(initial), rows).snapshot();
    last = rowOf(rows, length - 1);
    freeEpisodes();
  });

  /** The ball as seen from the TCP; the hand does not turn while it holds. */
  function ballFromTcp(episode: Episode): Vec3 {
    const [tcp, [ball]] = [episode.tcp(), episode.objectPositions()];
    return [ball[0] - tcp[0], ball[1] - tcp[1], ball[2] - tcp[2]];
  }

  /** Distance of the ball from the TCP after a second of being pulled down by a force, m. */
  function load(newtons: number): number {
    const episode = restoreEpisode(grasped);
    const { world, handles } = reachInto(episode);
    world.getRigidBody(handles.scene.objects[0]).addForce({ x: 0, y: 0, z: -newtons }, true);
    for (let k = 0; k < 20; k++) episode.step(last);
    return Math.hypot(...ballFromTcp(episode));
  }

  it('is stopped by it', () => {
    const opening = openingOf(restoreEpisode(grasped));
    expect(Math.abs(opening - 2 * BALL.radius)).toBeLessThan(2e-3);
  });

  it('lets it slip by less than 0.4 mm in five seconds', () => {
    const episode = restoreEpisode(grasped);
    const before = ballFromTcp(episode);
    let slip = 0;
    for (let k = 0; k < 100; k++) {
      episode.step(last);
      const now = ballFromTcp(episode);
      slip = Math.max(slip, Math.hypot(...now.map((value, i) => value - before[i])));
    }
    expect(slip).toBeLessThan(0.4e-3);
    expect(episode.objectPositions()[0][2]).toBeGreaterThan(0.1);
  });

  // Coulomb: two pads that press with 15 N each at μ = 1 carry 30 N, the ball's own 1.5 N included.
  it('carries a load below the limit of friction', () => {
    expect(load(26)).toBeLessThan(0.01);
  });

  it('loses a load above the limit of friction', () => {
    expect(load(31)).toBeGreaterThan(0.05);
  });

  it('drops the ball when it opens', () => {
    const episode = restoreEpisode(grasped);
    for (let k = 0; k < 30; k++) episode.step([...last.slice(0, 7), MAX_GRIPPER_OPENING]);
    expect(episode.objectPositions()[0][2]).toBeLessThan(BALL.radius + 2e-3);
  });
});
