import { createHash } from 'node:crypto';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { Dataset, DatasetStore } from '../../demos/store/index.ts';
import {
  ACTION_DIM,
  createFrames,
  Episode,
  findTask,
  forwardKinematics,
  type Rapier,
  SimError,
  STATE_DIM,
} from '../../sim/index.ts';
import {
  type DatasetOverview,
  type DrawnPath,
  type EpisodeEvents,
  type EpisodeView,
  frameLayout,
  PATH_POINTS,
  packPaths,
} from '../protocol/dataset-views.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { type Candidate, findDuplicates, findOutliers } from './oddities.ts';

/**
 * What a dataset shows at a glance: every path, thinned, and what is odd about its episodes.
 *
 * @returns of a large dataset every n-th episode; at most `LIMITS.drawnEpisodes`
 * @throws DatasetError 'not-found', 'damaged'
 * @cost 1 ms an episode, and 3 ms one that is drawn
 */
export async function readOverview(
  datasets: DatasetStore,
  name: string,
): Promise<DatasetOverview<Uint8Array>> {
  const dataset = await datasets.open(name);
  const { episodes, task } = dataset.info;
  const objects = findTask(task).objectNames.length;
  const stride = Math.max(1, Math.ceil(episodes / LIMITS.drawnEpisodes));
  const paths: DrawnPath[] = [];
  const candidates: Candidate[] = [];
  for (let episode = 0; episode < episodes; episode += stride) {
    const demonstration = await dataset.read(episode);
    const { mode, length, command } = demonstration;
    const drawn = drawnPath(demonstration);
    const commands = createHash('sha256').update(bytesOf(command)).digest('hex');
    paths.push(drawn);
    candidates.push({ episode, mode, length, commands, tcp: drawn.tcp });
  }
  return {
    name,
    hash: dataset.hash,
    drawn: candidates.map(({ episode }) => episode),
    objects,
    paths: bytesOf(packPaths(paths)),
    duplicates: findDuplicates(candidates).slice(0, LIMITS.oddities),
    outliers: findOutliers(candidates).slice(0, LIMITS.oddities),
  };
}

/**
 * One episode to be played, as it is stored, and when things happened in it, from replaying it.
 *
 * @param hash of the dataset in which it was chosen
 * @throws ProtocolError 'conflict' where the dataset has changed since
 * @throws DatasetError 'not-found', 'damaged'
 * @cost 1 ms an episode of the dataset, and 0.1 s
 */
export async function readEpisodeView(
  datasets: DatasetStore,
  rapier: Rapier,
  { name, episode, hash }: { name: string; episode: number; hash: string },
): Promise<EpisodeView<Uint8Array>> {
  const dataset = await datasets.open(name);
  if (dataset.hash !== hash) throw hasChanged(name);
  return viewEpisode(rapier, dataset, episode);
}

export function hasChanged(name: string): ProtocolError {
  return new ProtocolError(
    'conflict',
    `dataset ${name}: expected it as it was when the episode was chosen, it has changed since; ` +
      'look at its episodes again',
  );
}

async function viewEpisode(
  rapier: Rapier,
  dataset: Dataset,
  episode: number,
): Promise<EpisodeView<Uint8Array>> {
  const demonstration = await dataset.read(episode);
  const { controlHz, length, state, action, command } = demonstration;
  const task = findTask(demonstration.task);
  const objects = task.objectNames.length;
  const layout = frameLayout(objects);
  const stride = Math.max(1, Math.ceil(length / LIMITS.viewedFrames));
  const count = Math.ceil(length / stride);
  const frames = new Float32Array(count * layout.size);
  for (let i = 0; i < count; i++) {
    const t = i * stride;
    const at = i * layout.size;
    frames.set(state.subarray(t * STATE_DIM, (t + 1) * STATE_DIM), at + layout.state);
    frames.set(objectsAt(demonstration, t, objects), at + layout.objects);
    frames.set(action.subarray(t * ACTION_DIM, (t + 1) * ACTION_DIM), at + layout.action);
    frames.set(command.subarray(t * ACTION_DIM, (t + 1) * ACTION_DIM), at + layout.command);
  }
  const { name, hash } = dataset;
  const events = eventsOf(rapier, demonstration);
  return {
    ...{ name, hash, episode, controlHz, length, stride, objects, events },
    frames: bytesOf(frames),
  };
}

/** When things happened; null where the replay ends in another state than the episode did, or is none. */
function eventsOf(rapier: Rapier, demonstration: Demonstration): EpisodeEvents | null {
  const { initial, controlHz, command, length, replayHash } = demonstration;
  if (replayHash === null) return null;
  let episode: Episode | null = null;
  try {
    episode = Episode.create(rapier, findTask(demonstration.task), initial, controlHz);
    const events: { -readonly [K in keyof EpisodeEvents]: number | null } = {
      mode: null,
      contact: null,
      success: null,
    };
    for (let t = 0; t < length; t++) {
      episode.step(command.subarray(t * ACTION_DIM, (t + 1) * ACTION_DIM));
      const { mode, contact, success } = episode.progress;
      // What a step brought about shows in the frame after it.
      if (mode !== null) events.mode ??= t + 1;
      if (contact) events.contact ??= t + 1;
      if (success) events.success ??= t + 1;
    }
    return episode.hash === replayHash ? events : null;
  } catch (error) {
    // A start that this version could not have drawn, or physics that flies apart.
    if (error instanceof SimError) return null;
    throw error;
  } finally {
    episode?.free();
  }
}

/** Thinned to `PATH_POINTS`. */
function drawnPath(demonstration: Demonstration): DrawnPath {
  const { state, length, initial } = demonstration;
  const frames = createFrames();
  const tcp = new Float32Array(3 * PATH_POINTS);
  for (let i = 0; i < PATH_POINTS; i++) {
    const t = Math.round((i * (length - 1)) / (PATH_POINTS - 1));
    const joints = state.subarray(t * STATE_DIM, (t + 1) * STATE_DIM - 1);
    tcp.set(forwardKinematics(joints, frames).tcpPosition, 3 * i);
  }
  const starts = Float32Array.from(initial.objects.flatMap((position) => position.slice(0, 2)));
  return { tcp, starts };
}

/** Positions of a frame's objects: what is observed of a scene begins with them, in every task. */
function objectsAt({ environment, length }: Demonstration, t: number, objects: number) {
  const width = environment.length / length;
  return environment.subarray(t * width, t * width + 3 * objects);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
