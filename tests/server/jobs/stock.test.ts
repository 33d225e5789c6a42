import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DatasetCatalog } from '../../../server/jobs/dataset-catalog.ts';
import { takeStock } from '../../../server/jobs/index.ts';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { temporaryDirectory, temporaryWorkspace } from '../../support/temporary.ts';

const KIND = { task: 'left-right', controlHz: 20 } as const;

it('tells what is damaged by name and reason beside what is not, however it is damaged', async () => {
  const workspace = await temporaryWorkspace();
  const { datasets, runs } = workspace;
  for (const name of ['sound', 'piped', 'noisy']) await datasets.create(name, KIND);
  const piped = join(datasets.root, 'piped', 'meta', 'info.json');
  await rm(piped);
  execFileSync('mkfifo', [piped]);
  const noisy = join(datasets.root, 'noisy', 'meta', 'info.json');
  await writeFile(noisy, (await readFile(noisy, 'utf8')).replace('"forking', '"farking'));
  await mkdir(join(runs.root, 'half-made'), { recursive: true });
  await symlink(await temporaryDirectory(), join(runs.root, 'linked'));

  const catalog = new DatasetCatalog(workspace, () => {});
  const stock = await takeStock(workspace, catalog);
  expect(stock.datasets.map(({ name }) => name)).toEqual(['sound']);
  expect(stock.runs).toEqual([]);
  expect(stock.damaged.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
    'dataset noisy',
    'dataset piped',
    'run half-made',
    'run linked',
  ]);
  const said = new Map(stock.damaged.map(({ name, message }) => [name, message]));
  expect(said.get('piped')).toContain('expected a regular file, got a pipe');
  expect(said.get('half-made')).toContain('expected run.json, got none');
  expect(said.get('linked')).toContain('expected a directory, got a symbolic link');
});

it('tells no more of damages than a page can take', async () => {
  const workspace = await temporaryWorkspace();
  const { runs } = workspace;
  const keys = Array.from({ length: 9000 }, (_, i) => `"k${i}":1`).join();
  for (let i = 0; i < LIMITS.damaged + 5; i++) {
    const directory = join(runs.root, `run-${i}`);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'run.json'), `{${keys}}`);
  }
  const { damaged } = await takeStock(workspace, new DatasetCatalog(workspace, () => {}));
  expect(damaged).toHaveLength(LIMITS.damaged);
  expect(JSON.stringify(damaged).length).toBeLessThan(100_000);
});
