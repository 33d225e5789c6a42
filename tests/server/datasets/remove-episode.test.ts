import { beforeAll, describe, expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import { removeEpisode } from '../../../server/datasets/remove-episode.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

let episodes: readonly Demonstration[];
beforeAll(() => {
  episodes = [demonstrateMode('left', 1), demonstrateMode('right', 1), demonstrateMode('left', 2)];
});

async function withDataset() {
  const { datasets } = await temporaryWorkspace();
  const dataset = await datasets.create('mine', { task: 'left-right', controlHz: 20 });
  await dataset.append(episodes);
  return { datasets, hash: dataset.hash };
}

describe('an episode taken out of a dataset', () => {
  it('is gone from it, and with the version before when that is restored', async () => {
    const { datasets, hash } = await withDataset();
    const removed = await removeEpisode(datasets, { name: 'mine', episode: 1, hash });
    expect(removed.dataset).toMatchObject({ name: 'mine', episodes: 2, modes: { right: 0 } });
    const edited = await datasets.open('mine');
    expect(edited.episodes.map(({ replayHash }) => replayHash)).toEqual(
      [episodes[0], episodes[2]].map(({ replayHash }) => replayHash),
    );
    expect((await datasets.list()).map(({ name }) => name)).toEqual(['mine']);
    await datasets.trash('mine');
    expect((await datasets.restore(removed.id)).hash).toBe(hash);
  });

  it('leaves the dataset alone where it has changed since, or there is no such episode', async () => {
    const { datasets, hash } = await withDataset();
    const wrong = [
      { name: 'mine', episode: 0, hash: 'another' },
      { name: 'mine', episode: 3, hash },
      { name: 'yours', episode: 0, hash },
    ];
    const codes = ['conflict', 'not-found', 'not-found'];
    for (const [i, removal] of wrong.entries()) {
      await expect(removeEpisode(datasets, removal)).rejects.toMatchObject({ code: codes[i] });
    }
    expect((await datasets.list()).map(({ name }) => name)).toEqual(['mine']);
    expect((await datasets.open('mine')).hash).toBe(hash);
  });
});
