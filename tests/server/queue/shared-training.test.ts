import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SharedTrainings } from '../../../server/queue/shared-training.ts';
import { openWorkspace } from '../../../server/storage/workspace.ts';
import { changed, smallGrid, tiny } from '../../support/grids.ts';
import { workspaceWithPair } from '../../support/pair.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

it('demonstrations that a machine lacks are there while it trains, and kept within its bound', async () => {
  const planning = await workspaceWithPair();
  const [grid] = (await smallGrid(planning)).map(tiny);
  const shared = new SharedTrainings(await temporaryDirectory());
  await shared.offer(planning, [grid]);
  const { name, hash } = grid.planned.run.dataset;
  const data = await temporaryDirectory();
  const hashThere = async (broughtBytes: number) => {
    const { place } = openWorkspace({ ...planning.place, data, broughtBytes });
    return shared.prepare(place, grid, async ({ datasets }) => (await datasets.open(name)).hash);
  };
  expect(await hashThere(2 ** 30)).toBe(hash);
  expect(await readdir(join(data, 'brought'))).toEqual([hash]);
  expect(await hashThere(0)).toBe(hash);
  expect(await readdir(join(data, 'brought'))).toEqual([]);
});

it('whoever has them already keeps them where they are', async () => {
  const planning = await workspaceWithPair();
  const [grid] = (await smallGrid(planning)).map(tiny);
  const shared = new SharedTrainings(await temporaryDirectory());
  const root = await shared.prepare(planning.place, grid, async ({ datasets }) => datasets.root);
  expect(root).toBe(planning.datasets.root);
  expect(await readdir(planning.place.data)).not.toContain('brought');
});

it('a training that names no demonstrations by their hash is refused', async () => {
  const planning = await workspaceWithPair();
  const [grid] = (await smallGrid(planning)).map(tiny);
  const { dataset } = grid.planned.run;
  const odd = changed(grid, { dataset: { ...dataset, hash: '../../elsewhere' } });
  const shared = new SharedTrainings(await temporaryDirectory());
  await expect(shared.prepare(planning.place, odd, async () => {})).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('expected its hash'),
  });
});
