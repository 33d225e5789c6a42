import { expect, it } from 'vitest';
import { createDatasets, setToMake } from '../../../../client/features/demos/datasets.ts';
import type { DatasetSummary, OfferedSet } from '../../../../server/protocol/index.ts';
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
  const edit = { kind: 'delete', episodes: '1' } as const;
  await datasets.edit.run(MINE, edit);
  expect(datasets.undoable.value).toMatchObject([{ name: 'mine', edit }]);
  await datasets.undo.run('mine.20260101T000000000Z');
  expect(connection.asked).toEqual([
    { name: 'demos:edit', request: { name: 'mine', hash: 'abc', edit } },
    { name: 'demos:trash', request: { name: 'mine' } },
    { name: 'demos:restore', request: { id: 'mine.20260101T000000000Z' } },
  ]);
  expect(datasets.undoable.value).toEqual([]);
});

it('datasets that were made of another one go to the trash when that is undone', async () => {
  const parts = [
    { ...MINE, name: 'mine-left' },
    { ...MINE, name: 'mine-right' },
  ];
  const connection = fakeConnection(() => parts);
  const datasets = createDatasets(connection);
  await datasets.split.run(MINE, 'mode');
  datasets.replace([MINE, ...parts]);
  await datasets.undo.run(datasets.undoable.value[0].id);
  expect(connection.asked.slice(1)).toEqual([
    { name: 'demos:trash', request: { name: 'mine-left' } },
    { name: 'demos:trash', request: { name: 'mine-right' } },
  ]);
});

const SET: OfferedSet = {
  hash: 'abc',
  task: 'left-right',
  controlHz: 20,
  episodes: 200,
  seed: 0,
  policies: ['l2', 'flow'],
  starts: [],
  thrownAway: false,
};

it.each<[string, Partial<OfferedSet>, string[], boolean]>([
  ['where there are no demonstrations of the task', {}, ['three-ways'], true],
  ['not where there are some, or were a moment ago', {}, ['left-right'], false],
  ['not where somebody threw it away', { thrownAway: true }, [], false],
  ['not where it takes minutes', { episodes: 960 }, [], false],
])('a set that policies learnt from is made unasked: %s', (_, change, familiar, expected) => {
  const set = setToMake('left-right', [{ ...SET, ...change }], new Set(familiar));
  expect(set !== null).toBe(expected);
});

it('a page knows the tasks it has seen demonstrations of, gone since, or has asked for', async () => {
  const connection = fakeConnection(() => ({ id: 'generate-1' }));
  const datasets = createDatasets(connection);
  datasets.replace([MINE], [SET]);
  connection.say('datasets', []);
  expect([...datasets.familiar.value]).toEqual(['left-right']);
  await datasets.makeSet.run({ ...SET, task: 'three-ways' });
  expect([...datasets.familiar.value]).toEqual(['left-right', 'three-ways']);
});
