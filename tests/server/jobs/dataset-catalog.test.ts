import { readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { summarizeDataset } from '../../../server/datasets/datasets.ts';
import { DatasetCatalog } from '../../../server/jobs/dataset-catalog.ts';
import { startWork } from '../../../server/jobs/process.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

// What it starts is real; it is only counted.
vi.mock('../../../server/jobs/process.ts', { spy: true });
vi.setConfig({ testTimeout: 300_000 });

const KIND = { task: 'left-right', controlHz: 20 } as const;
const [LEFT, RIGHT] = [demonstrateMode('left', 1), demonstrateMode('right', 1)];

beforeEach(() => {
  vi.mocked(startWork).mockClear();
});

/** Names of the datasets that child processes have opened so far, in order. */
function opened(): string[] {
  return vi
    .mocked(startWork)
    .mock.calls.flatMap(([, input]) => ('names' in input ? input.names : []));
}

async function openCatalog() {
  const workspace = await temporaryWorkspace();
  const said: string[][] = [];
  const catalog = new DatasetCatalog(workspace, (datasets) =>
    said.push(datasets.map(({ name, episodes }) => `${name}: ${episodes}`)),
  );
  return { ...workspace, catalog, said };
}

describe('the catalog', () => {
  it('says what opening each dataset says', async () => {
    const { datasets, catalog } = await openCatalog();
    const pair = await datasets.create('pair', KIND);
    await pair.append([LEFT, RIGHT]);
    const empty = await datasets.create('empty', KIND);
    expect(await catalog.list()).toEqual([empty, pair].map(({ info }) => summarizeDataset(info)));
    expect(await catalog.episodes('pair')).toMatchObject([
      { index: 0, mode: 'left', replayHash: LEFT.replayHash },
      { index: 1, mode: 'right', replayHash: RIGHT.replayHash },
    ]);
  });

  it('opens a dataset once, however many ask at once, and again only when it has changed', async () => {
    const { datasets, catalog } = await openCatalog();
    await datasets.create('empty', KIND);
    const pair = await datasets.create('pair', KIND);
    await Promise.all([catalog.list(), catalog.list(), catalog.episodes('pair'), catalog.list()]);
    expect(opened()).toEqual(['empty', 'pair']);
    await pair.append([LEFT]);
    expect((await catalog.list())[1].episodes).toBe(1);
    await catalog.list();
    expect(await catalog.episodes('pair')).toHaveLength(1);
    expect(opened()).toEqual(['empty', 'pair', 'pair']);
  });

  it('opens nothing that it is told of', async () => {
    const { datasets, catalog, said } = await openCatalog();
    const pair = await datasets.create('pair', KIND);
    await pair.append([LEFT]);
    await catalog.announce(summarizeDataset(pair.info));
    const id = await catalog.trash('pair');
    expect(await catalog.restore(id)).toMatchObject({ name: 'pair', episodes: 1 });
    expect(said).toEqual([['pair: 1'], [], ['pair: 1']]);
    expect(opened()).toEqual([]);
  });

  it('shows the others where one cannot be opened, and says by name why it cannot', async () => {
    const { datasets, catalog } = await openCatalog();
    await datasets.create('sound', KIND);
    const { directory } = await datasets.create('cut', KIND);
    const cut = await datasets.open('cut');
    await cut.append([LEFT]);
    await rm(join(directory, 'meta', 'episodes'), { recursive: true });
    const [folder] = await readdir(join(directory, 'data'));
    await truncate(join(directory, 'data', folder, 'file-000.parquet'), 100);
    for (let i = 0; i < 2; i++) {
      expect((await catalog.list()).map(({ name }) => name)).toEqual(['sound']);
    }
    expect(opened()).toEqual(['cut', 'sound']);
    await expect(catalog.episodes('cut')).rejects.toMatchObject({ code: 'damaged' });
    await expect(catalog.episodes('nowhere')).rejects.toMatchObject({ code: 'not-found' });
    await expect(catalog.episodes('../cut')).rejects.toMatchObject({ code: 'invalid-name' });
  });
});
