import { expect, it } from 'vitest';
import { createDatasets } from '../../../../client/features/demos/datasets.ts';
import type { DatasetSummary } from '../../../../server/protocol/index.ts';
import { fakeConnection } from '../../support.ts';

const MINE: DatasetSummary = {
  name: 'mine',
  task: 'left-right',
  controlHz: 20,
  episodes: 2,
  frames: 200,
  modes: { left: 1, right: 1 },
  successes: 1,
  recorded: 2,
  hash: 'abc',
};

it('an episode that was removed comes back: the edited dataset makes room for the one before', async () => {
  const connection = fakeConnection(() => ({ id: 'mine.20260101T000000000Z' }));
  const datasets = createDatasets(connection);
  datasets.replace([MINE]);
  await datasets.removeEpisode.run(MINE, 1);
  expect(datasets.undoable.value).toMatchObject([{ name: 'mine', episode: 1 }]);
  await datasets.undo.run('mine.20260101T000000000Z');
  expect(connection.asked).toEqual([
    { name: 'demos:remove-episode', request: { name: 'mine', episode: 1, hash: 'abc' } },
    { name: 'demos:trash', request: { name: 'mine' } },
    { name: 'demos:restore', request: { id: 'mine.20260101T000000000Z' } },
  ]);
  expect(datasets.undoable.value).toEqual([]);
});
