import type { World } from '@dimforge/rapier3d-compat';
import { vi } from 'vitest';
import { type DemonstrateOptions, demonstrate } from '../../demos/demonstrate.ts';
import type { Demonstration } from '../../demos/demonstration.ts';
import { findExpert } from '../../demos/experts/index.ts';
import { compilePhysics } from '../../server/jobs/compile-physics.ts';
import {
  ACTION_DIM,
  type ControlHz,
  Episode,
  type EpisodeSnapshot,
  findTask,
  type InitialState,
  loadPhysics,
} from '../../sim/index.ts';

// As in the processes that simulate: a quarter of the time of a test that does.
await compilePhysics(Number.POSITIVE_INFINITY);
export const rapier = await loadPhysics();
export const task = findTask('left-right');
export const [POST] = task.scene.obstacles;

/** A start of the task, and the command that stays there with the gripper open. */
export const initial = task.sampleInitialState(5);
export const HOLD: readonly number[] = [...initial.joints, initial.gripperOpening];

/** Where y lies to the robot's left of the post, and to its right. */
export const LEFT = 0.19;
export const RIGHT = -0.19;

const open: Episode[] = [];

/** An episode that `freeEpisodes` releases. */
export function startEpisode(from: InitialState = initial, controlHz: ControlHz = 20): Episode {
  const episode = Episode.create(rapier, task, from, controlHz);
  open.push(episode);
  return episode;
}

export function restoreEpisode(snapshot: EpisodeSnapshot): Episode {
  const episode = Episode.restore(rapier, task, snapshot);
  open.push(episode);
  return episode;
}

/** For `afterEach`: WebAssembly memory is not garbage-collected. */
export function freeEpisodes(): void {
  for (const episode of open.splice(0)) episode.free();
}

export function demonstrateMode(
  mode: string,
  seed: number,
  options: Partial<DemonstrateOptions> = {},
): Demonstration {
  const expert = findExpert(task.name);
  if (!expert) throw new Error(`no expert for ${task.name}`);
  return demonstrate(rapier, task, expert, mode, {
    controlHz: 20,
    startSeed: seed,
    expertSeed: seed,
    ...options,
  });
}

/** Command of control step `t`, out of rows [T, 8]. */
export function rowOf(rows: Float32Array, t: number): Float32Array {
  return rows.subarray(t * ACTION_DIM, (t + 1) * ACTION_DIM);
}

/** Steps `episode` through rows [T, 8], from row `begin` to before row `end`. */
export function playRows(
  episode: Episode,
  rows: Float32Array,
  begin = 0,
  end = rows.length / ACTION_DIM,
): Episode {
  for (let t = begin; t < end; t++) episode.step(rowOf(rows, t));
  return episode;
}

/**
 * The world inside an episode, past its interface: to look at single bodies, and to do to them
 * what no command can.
 */
export function reachInto(episode: Episode): {
  world: World;
  handles: EpisodeSnapshot['handles'];
} {
  const takeSnapshot = vi.spyOn(rapier.World.prototype, 'takeSnapshot');
  const { handles } = episode.snapshot();
  const world = takeSnapshot.mock.contexts[0] as World;
  takeSnapshot.mockRestore();
  return { world, handles };
}
