import { beforeAll, describe, expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import { readEpisodeView, readOverview } from '../../../server/datasets/views.ts';
import {
  frameLayout,
  PATH_POINTS,
  packPaths,
  unpackPaths,
} from '../../../server/protocol/dataset-views.ts';
import { createFrames, forwardKinematics } from '../../../sim/index.ts';
import { demonstrateMode, rapier, rowOf } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

let episodes: readonly Demonstration[];
beforeAll(() => {
  const left = demonstrateMode('left', 1);
  episodes = [left, demonstrateMode('right', 1), left];
});

async function withDataset(demonstrations = episodes) {
  const { datasets } = await temporaryWorkspace();
  const dataset = await datasets.create('mine', { task: 'left-right', controlHz: 20 });
  await dataset.append(demonstrations);
  return { datasets, hash: dataset.hash };
}

describe('an overview of a dataset', () => {
  it('has the path of every episode from its first frame to its last, and where the ball lay', async () => {
    const { datasets, hash } = await withDataset();
    const overview = await readOverview(datasets, 'mine');
    expect(overview).toMatchObject({ name: 'mine', hash, drawn: [0, 1, 2], objects: 1 });
    const paths = unpackPaths(overview.paths, 3, 1);
    for (const [i, { state, length, initial }] of episodes.entries()) {
      const { tcp, starts } = paths[i];
      for (const [point, t] of [
        [0, 0],
        [PATH_POINTS - 1, length - 1],
      ]) {
        const joints = state.subarray(t * 8, t * 8 + 7);
        const { tcpPosition } = forwardKinematics(joints, createFrames());
        tcpPosition.forEach((value, axis) => {
          expect(tcp[3 * point + axis]).toBeCloseTo(value, 4);
        });
      }
      expect(starts[0]).toBeCloseTo(initial.objects[0][0], 4);
      expect(starts[1]).toBeCloseTo(initial.objects[0][1], 4);
    }
  });

  it('names an episode that is there twice', async () => {
    const { datasets } = await withDataset();
    const { duplicates } = await readOverview(datasets, 'mine');
    expect(duplicates).toEqual([{ episode: 2, of: 0, exact: true }]);
  });

  it('of nothing is empty', async () => {
    const { datasets } = await withDataset([]);
    const overview = await readOverview(datasets, 'mine');
    expect(overview).toMatchObject({ drawn: [], duplicates: [], outliers: [] });
    expect(unpackPaths(overview.paths, 0, 1)).toEqual([]);
  });

  it('is refused on the way where bytes are missing', () => {
    const path = { tcp: new Float32Array(3 * PATH_POINTS), starts: new Float32Array(2) };
    const bytes = Uint8Array.from({ length: 2 * packPaths([path]).length });
    expect(() => unpackPaths(bytes, 2, 1)).toThrow('expected 392 bytes, got 196');
  });
});

describe('an episode to be played', () => {
  it('is as it is stored, frame by frame, and tells when things happened', async () => {
    const { datasets, hash } = await withDataset();
    const view = await readEpisodeView(datasets, rapier, { name: 'mine', episode: 1, hash });
    const { length, state, environment, action, command } = episodes[1];
    expect(view).toMatchObject({ length, stride: 1, controlHz: 20, objects: 1 });
    const layout = frameLayout(1);
    const frames = new Float32Array(Uint8Array.from(view.frames).buffer);
    expect(frames).toHaveLength(length * layout.size);
    for (const t of [0, 17, length - 1]) {
      const row = frames.subarray(t * layout.size, (t + 1) * layout.size);
      expect(row.subarray(0, 8)).toEqual(rowOf(state, t));
      expect(row.subarray(8, 11)).toEqual(environment.subarray(6 * t, 6 * t + 3));
      expect(row.subarray(layout.action, layout.action + 8)).toEqual(rowOf(action, t));
      expect(row.subarray(layout.command)).toEqual(rowOf(command, t));
    }
    expect(view.events?.contact).toBeNull();
    expect(view.events?.mode).toBeGreaterThan(0);
    expect(view.events?.success).toBeGreaterThan(view.events?.mode ?? length);
    expect(view.events?.success).toBeLessThanOrEqual(length);
  });

  it('has no events where its commands end elsewhere than it says', async () => {
    const other = { ...episodes[0], replayHash: '0123456789abcdef' };
    const { datasets, hash } = await withDataset([other]);
    const view = await readEpisodeView(datasets, rapier, { name: 'mine', episode: 0, hash });
    expect(view.events).toBeNull();
  });

  it('is not shown of a dataset that has changed, nor beyond its end', async () => {
    const { datasets, hash } = await withDataset();
    const ask = (episode: number, of: string) =>
      readEpisodeView(datasets, rapier, { name: 'mine', episode, hash: of });
    await expect(ask(0, 'another')).rejects.toMatchObject({ code: 'conflict' });
    await expect(ask(3, hash)).rejects.toMatchObject({ code: 'not-found' });
  });
});
