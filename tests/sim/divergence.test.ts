import type { RigidBody } from '@dimforge/rapier3d-compat';
import { afterEach, describe, expect, it } from 'vitest';
import { type Episode, PhysicsDivergedError } from '../../sim/index.ts';
import { freeEpisodes, HOLD, reachInto, startEpisode } from '../support/simulation.ts';

afterEach(freeEpisodes);

type Part = 'object' | 'link' | 'finger';

function bodyOf(episode: Episode, part: Part): RigidBody {
  const { world, handles } = reachInto(episode);
  const { scene, arm, gripper } = handles;
  const handle = { object: scene.objects[0], link: arm.links[3], finger: gripper.fingers[1] }[part];
  return world.getRigidBody(handle);
}

/** Steps an episode and, after `steps`, puts a part of its world nowhere. */
function lose(part: Part, steps: number): Episode {
  const episode = startEpisode();
  for (let k = 1; k <= steps; k++) episode.step([...HOLD.slice(0, 7), k / 1024]);
  bodyOf(episode, part).setTranslation({ x: Number.NaN, y: 0, z: 0 }, true);
  return episode;
}

function stepError(episode: Episode): unknown {
  try {
    episode.step(HOLD);
  } catch (error) {
    return error;
  }
  return null;
}

describe.each(['object', 'link', 'finger'] as const)('when an episode loses its %s', (part) => {
  it('it ends with an error that says so, at once and at every further step', () => {
    const episode = lose(part, 20);
    const error = stepError(episode);
    expect(error).toBeInstanceOf(PhysicsDivergedError);
    expect(String(error)).toContain('control step 21');
    expect(stepError(episode)).toBeInstanceOf(PhysicsDivergedError);
    expect(episode.progress.success).toBe(false);
  });

  it('episodes beside it and after it go on as if nothing had happened', () => {
    const undisturbed = startEpisode();
    for (let k = 0; k < 30; k++) undisturbed.step(HOLD);

    const beside = startEpisode();
    for (let k = 0; k < 10; k++) beside.step(HOLD);
    expect(stepError(lose(part, 5))).toBeInstanceOf(PhysicsDivergedError);
    for (let k = 0; k < 20; k++) beside.step(HOLD);
    expect(beside.hash).toBe(undisturbed.hash);

    const after = startEpisode();
    for (let k = 0; k < 30; k++) after.step(HOLD);
    expect(after.hash).toBe(undisturbed.hash);
  });
});

describe('when the solver hides a divergence', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'a link with a velocity of %d ends the episode, although its pose stays finite',
    (velocity) => {
      const episode = startEpisode();
      bodyOf(episode, 'link').setLinvel({ x: velocity, y: 0, z: 0 }, true);
      expect(stepError(episode)).toBeInstanceOf(PhysicsDivergedError);
    },
  );

  it('an arm that is torn apart ends the episode', () => {
    const episode = startEpisode();
    bodyOf(episode, 'link').addForce({ x: 1e20, y: 0, z: 0 }, true);
    expect(stepError(episode)).toBeInstanceOf(PhysicsDivergedError);
  });
});

describe('the trace of a divergence', () => {
  function traceAfter(steps: number) {
    const error = stepError(lose('object', steps));
    if (!(error instanceof PhysicsDivergedError)) throw new Error('expected a divergence');
    return error.trace;
  }

  it('holds the last sixteen steps, newest last: commands and the poses of all ten bodies', () => {
    const { step, recent } = traceAfter(40);
    expect(step).toBe(41);
    expect(recent).toHaveLength(16);
    expect(recent.slice(0, 15).map(({ command }) => command[7])).toEqual(
      Array.from({ length: 15 }, (_, i) => (26 + i) / 1024),
    );
    expect(recent[15].command).toEqual(HOLD);
    for (const { poses } of recent) expect(poses).toHaveLength(7 * 10);
  });

  it('shows where the numbers ceased to be finite', () => {
    const finite = traceAfter(40).recent.map(({ poses }) => poses.every(Number.isFinite));
    expect(finite).toEqual([...new Array(15).fill(true), false]);
  });

  it('is as short as the episode was', () => {
    expect(traceAfter(3).recent).toHaveLength(4);
  });
});

describe('a ball that falls off the table', () => {
  it('is an attempt that failed, not a divergence', () => {
    const episode = startEpisode();
    bodyOf(episode, 'object').setLinvel({ x: 2, y: 0, z: 0 }, true);
    while (!episode.timedOut) {
      episode.step(HOLD);
      if (episode.objectPositions()[0][2] < 0) expect(episode.decided).toBe(true);
    }
    expect(episode.objectPositions()[0][2]).toBeLessThan(-10);
    expect(episode.progress.success).toBe(false);
  });
});
