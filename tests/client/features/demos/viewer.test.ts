import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { createDatasets } from '../../../../client/features/demos/datasets.ts';
import { strandsOf } from '../../../../client/features/demos/demo-view.ts';
import { createViewer } from '../../../../client/features/demos/viewer.ts';
import { PATH_POINTS, packPaths } from '../../../../server/protocol/dataset-views.ts';
import type { DatasetSummary, EpisodeSummary } from '../../../../server/protocol/index.ts';
import { until } from '../../../support/until.ts';
import { fakeConnection } from '../../support.ts';
import { movingEpisode } from './support.ts';

const MINE: DatasetSummary = {
  ...{ name: 'mine', task: 'left-right', controlHz: 20, episodes: 3, frames: 63, hash: 'abc' },
  ...{ modes: { left: 2, right: 1 }, successes: 3, recorded: 0 },
};
const EPISODES: readonly EpisodeSummary[] = ['left', 'right', 'left'].map((mode, index) => ({
  ...{ index, mode, source: 'scripted', success: true, contact: false, length: 21 },
  replayHash: '',
}));

const PATHS = packPaths(
  EPISODES.map(({ index }) => ({
    tcp: new Float32Array(3 * PATH_POINTS).fill(index / 10),
    starts: new Float32Array(2),
  })),
);

/** @param hash of the overview that the server sends */
function openViewer() {
  const connection = fakeConnection((name, request) => {
    if (name === 'demos:episodes') return EPISODES;
    if (name === 'demos:episode') return movingEpisode(request as { episode: number });
    return {
      ...{ name: 'mine', hash: 'abc', drawn: [0, 1, 2], objects: 1 },
      paths: PATHS.buffer,
      duplicates: [{ episode: 2, of: 0, exact: true }],
      outliers: [],
    };
  });
  const datasets = createDatasets(connection);
  const open = signal(true);
  const task = signal('left-right');
  const viewer = createViewer({ connection, datasets, open, task });
  datasets.replace([MINE]);
  const asked = (name: string) => connection.asked.filter((each) => each.name === name);
  return { connection, datasets, open, task, viewer, asked };
}

describe('the demonstrations that are looked at', () => {
  it('are those of the dataset that is opened: their paths come with it', async () => {
    const { datasets, viewer } = openViewer();
    await datasets.open.run('mine');
    await until(() => viewer.overview.value, 'the paths');
    expect(viewer.overview.value?.paths.get(2)?.tcp[0]).toBeCloseTo(0.2, 4);
    expect([...viewer.odd.value]).toEqual([2]);
    expect(viewer.listed.value).toHaveLength(3);
  });

  it('take the stage when one is chosen, and give it back with their panel or another task', async () => {
    const { datasets, open, task, viewer } = openViewer();
    await datasets.open.run('mine');
    expect(viewer.onStage.value).toBe(false);
    viewer.select(1);
    expect(viewer.onStage.value).toBe(true);
    await until(() => viewer.playback.value, 'the episode');
    expect(viewer.playback.value?.view.episode).toBe(1);
    task.value = 'three-ways';
    expect(viewer.onStage.value).toBe(false);
    task.value = 'left-right';
    open.value = false;
    expect(viewer.onStage.value).toBe(false);
  });

  it('are gone through in the order in which they are listed, round and round', async () => {
    const { datasets, viewer } = openViewer();
    await datasets.open.run('mine');
    viewer.filter.value = { ...viewer.filter.value, hiddenModes: ['right'] };
    viewer.step(1);
    viewer.step(1);
    expect(viewer.selected.value).toBe(2);
    viewer.step(1);
    expect(viewer.selected.value).toBe(0);
    // The one that was chosen last is what comes, however fast one is.
    await until(() => viewer.playback.value?.view.episode === 0, 'the first');
  });

  it('are read again when the dataset has changed; what was chosen is chosen no more', async () => {
    const { datasets, viewer, connection, asked } = openViewer();
    await datasets.open.run('mine');
    viewer.select(1);
    await until(() => viewer.playback.value, 'the episode');
    connection.say('datasets', [{ ...MINE, hash: 'def' }]);
    expect(viewer.selected.value).toBeNull();
    await until(() => asked('demos:overview').length === 2, 'the paths again');
  });
});

describe('the paths on the stage', () => {
  const paths = new Map(
    EPISODES.map(({ index }) => [
      index,
      { tcp: new Float32Array(3 * PATH_POINTS).fill(index), starts: new Float32Array(2) },
    ]),
  );
  const seen = { task: 'left-right', hovered: null, playback: null };

  it('are in the colours of their modes, the one under the pointer on top', () => {
    const strands = strandsOf({ paths }, EPISODES, { ...seen, hovered: 0 });
    expect(strands.map(({ points }) => points[0])).toEqual([1, 2, 0]);
    expect(strands[2].width).toBeGreaterThan(strands[1].width);
    expect(strands[0].color).not.toBe(strands[1].color);
  });

  it('of a large dataset are fewer, evenly many', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ ...EPISODES[0], index }));
    const all = new Map(
      many.map(({ index }) => [index, paths.get(0) ?? paths.values().next().value]),
    );
    const drawn = strandsOf({ paths: all as typeof paths }, many, seen);
    expect(drawn.length).toBeGreaterThan(500);
    expect(drawn.length * PATH_POINTS).toBeLessThanOrEqual(24_000);
  });
});
