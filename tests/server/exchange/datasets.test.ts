import { beforeAll, expect, it } from 'vitest';
import { type Artefacts, openArtefacts } from '../../../server/artefacts/index.ts';
import { SharedDatasets } from '../../../server/exchange/datasets.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { addPair } from '../../support/pair.ts';
import { temporaryDirectory, temporaryWorkspace } from '../../support/temporary.ts';

let workspace: Workspace;
let hash: string;

beforeAll(async () => {
  workspace = await temporaryWorkspace();
  await addPair(workspace);
  hash = (await workspace.datasets.open('pair')).hash;
});

async function handedOver(): Promise<{ files: Artefacts; shared: SharedDatasets }> {
  const files = openArtefacts(await temporaryDirectory());
  const shared = new SharedDatasets(files);
  await shared.publish(workspace.datasets, 'pair');
  return { files, shared };
}

it('a dataset comes to another machine with its hash, once', async () => {
  const { files, shared } = await handedOver();
  const { datasets } = await temporaryWorkspace();
  // Two processes of one machine at the same moment.
  await Promise.all([1, 2].map(() => shared.bring(datasets, { name: 'pair', hash })));
  expect((await datasets.open('pair')).hash).toBe(hash);
  const [file] = await files.list('datasets/pair/');
  await files.remove(file);
  await shared.bring(datasets, { name: 'pair', hash });
  expect(await files.list('datasets/pair/')).toEqual([]);
  await shared.publish(workspace.datasets, 'pair');
  await shared.bring(datasets, { name: 'pair', hash }, 'twin');
  expect((await datasets.open('twin')).hash).toBe(hash);
});

it('is refused where it is not there, or is another than it is called', async () => {
  const { files, shared } = await handedOver();
  const { datasets } = await temporaryWorkspace();
  const other = 'c'.repeat(64);
  await expect(shared.bring(datasets, { name: 'pair', hash: other })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('expected demonstrations, got none; name the --store'),
  });
  const bytes = await files.read(`datasets/pair/${hash}.zip`, 2 ** 30);
  await files.write(`datasets/pair/${other}.zip`, bytes);
  await expect(shared.bring(datasets, { name: 'pair', hash: other })).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringContaining(`got one of hash ${hash}`),
  });
  await shared.bring(datasets, { name: 'pair', hash });
  expect((await datasets.open('pair')).hash).toBe(hash);
});

it('is found by its name where there is one of it, here or there', async () => {
  const { files, shared } = await handedOver();
  const { datasets } = await temporaryWorkspace();
  await shared.bringNamed(datasets, 'pair');
  await shared.bringNamed(datasets, 'pair');
  expect((await datasets.open('pair')).hash).toBe(hash);
  await expect(shared.bringNamed(datasets, 'other')).rejects.toMatchObject({ code: 'not-found' });
  await files.write(`datasets/pair/${'d'.repeat(64)}.zip`, 'another');
  await shared.bringNamed(datasets, 'pair');
  const elsewhere = await temporaryWorkspace();
  await expect(shared.bringNamed(elsewhere.datasets, 'pair')).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('got none, and 2 there; import the one that is meant'),
  });
});

it.each(['../../x', '', 'A'.repeat(64)])('the hash %j names nothing', async (bad) => {
  const { shared } = await handedOver();
  const { datasets } = await temporaryWorkspace();
  const refused = shared.bring(datasets, { name: 'pair', hash: bad });
  await expect(refused).rejects.toMatchObject({ code: 'invalid-request' });
});
