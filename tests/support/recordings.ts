import type { Socket } from 'socket.io-client';
import { expect } from 'vitest';
import { verifyDataset } from '../../server/datasets/datasets.ts';
import type { Recording } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { ACTION_DIM, Episode, findTask } from '../../sim/index.ts';
import { send } from './server.ts';
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

/** Recordings that are saved one after the other for as long as a connection lasts. */
export interface Saving {
  /** Fingerprints of those that were acknowledged, in their order. */
  readonly accepted: readonly string[];
  /** Whether one has been sent and not been answered. */
  readonly underWay: boolean;
  /** Ends with the connection. */
  readonly ended: Promise<void>;
}

export function keepSaving(socket: Socket): Saving {
  const accepted: string[] = [];
  const saving = { accepted, underWay: false, ended: Promise.resolve() };
  const save = async () => {
    for (let i = 0; socket.connected; i++) {
      const { recording, commands } = recordInBrowser({}, 4 + i);
      saving.underWay = true;
      const bytes = Buffer.from(commands.buffer);
      const answer = await send(socket, 'record:save', recording, bytes).catch(() => null);
      saving.underWay = false;
      if (answer?.ok) accepted.push(recording.replayHash);
    }
  };
  saving.ended = save();
  return saving;
}

/** Every recording that was acknowledged is kept and replays; at most one more was kept unheard. */
export async function expectKept(
  { datasets }: Pick<Workspace, 'datasets'>,
  { accepted }: Pick<Saving, 'accepted'>,
): Promise<void> {
  const dataset = await datasets.open('mine');
  const kept = dataset.episodes.map(({ replayHash }) => replayHash);
  expect(kept.slice(0, accepted.length)).toEqual(accepted);
  expect(kept.length - accepted.length).toBeLessThanOrEqual(1);
  for await (const { ok } of verifyDataset(rapier, dataset)) expect(ok).toBe(true);
}
