import type { Recording } from '../../server/protocol/index.ts';
import { ACTION_DIM, Episode, findTask } from '../../sim/index.ts';
import { initial, rapier, task } from './simulation.ts';

/** A recording as a browser would send it: the arm moves a little, the hash is its physics' own. */
export function recordInBrowser(
  changes: Partial<Recording> = {},
  steps = 6,
): { recording: Recording; commands: Float32Array } {
  const recording = { task: task.name, dataset: 'mine', controlHz: 20, seed: null, ...changes };
  const from = recording.initial ?? initial;
  const commands = new Float32Array(steps * ACTION_DIM);
  for (let t = 0; t < steps; t++) {
    commands.set([...from.joints, from.gripperOpening], t * ACTION_DIM);
    commands[t * ACTION_DIM] += 0.01 * t;
  }
  const scene = findTask(recording.task);
  const episode = Episode.create(rapier, scene, from, recording.controlHz === 50 ? 50 : 20);
  try {
    for (let t = 0; t < steps; t++) {
      episode.step(commands.subarray(t * ACTION_DIM, (t + 1) * ACTION_DIM));
    }
    const start = {
      joints: [...from.joints],
      gripperOpening: from.gripperOpening,
      objects: from.objects.map(([x, y, z]): [number, number, number] => [x, y, z]),
      ...(from.instruction !== undefined && { instruction: from.instruction }),
    };
    return {
      recording: {
        replayHash: episode.hash,
        ...recording,
        controlHz: recording.controlHz === 50 ? 50 : 20,
        initial: start,
      },
      commands,
    };
  } finally {
    episode.free();
  }
}
