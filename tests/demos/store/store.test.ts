import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DatasetError, DatasetStore } from '../../../demos/store/index.ts';
import { DATASET, synthetic, synthetics, temporaryDirectory } from './support.ts';

async function createStore(): Promise<DatasetStore> {
  return new DatasetStore(join(await temporaryDirectory(), 'datasets'), { lockPatience: 0 });
}

it('is empty before its directory is there', async () => {
  const store = await createStore();
  expect(await store.list()).toEqual([]);
  expect(await store.listTrash()).toEqual([]);
  await expect(store.open('any')).rejects.toMatchObject({ code: 'not-found' });
});

it('lists its datasets by name', async () => {
  const store = await createStore();
  for (const name of ['two', 'one', 'constructor']) await store.create(name, DATASET);
  const one = await store.open('one');
  await one.append(synthetics(2));
  const listings = await store.list();
  expect(listings.map(({ name }) => name)).toEqual(['constructor', 'one', 'two']);
  expect(listings[1].info).toEqual(one.info);
});

it('lists a damaged dataset beside the others, with its error', async () => {
  const store = await createStore();
  await store.create('fine', DATASET);
  await store.create('torn', DATASET);
  await writeFile(join(store.root, 'torn/meta/info.json'), '{');
  await writeFile(join(store.root, 'a-file'), '');
  const [fine, torn, ...rest] = await store.list();
  expect(fine.info?.episodes).toBe(0);
  expect(torn).toMatchObject({ name: 'torn', error: { code: 'damaged' } });
  expect(rest).toEqual([]);
});

it('lists a dataset that the system cannot read beside the others, with its error', async () => {
  const store = await createStore();
  await store.create('fine', DATASET);
  const odd = await store.create('odd', DATASET);
  await odd.append(synthetics(1));
  const index = join(store.root, 'odd/meta/episodes/chunk-000/file-000.parquet');
  await rm(index);
  await mkdir(index);
  const [fine, listed] = await store.list();
  expect(fine.info?.episodes).toBe(0);
  expect(listed).toMatchObject({ name: 'odd', error: { code: 'damaged' } });
  expect(listed.error?.message).toContain('a directory');
});

it('tells by their hashes which datasets have changed, and leaves out those it cannot read', async () => {
  const store = await createStore();
  for (const name of ['one', 'torn', 'two']) await store.create(name, DATASET);
  await writeFile(join(store.root, 'torn/meta/info.json'), '{');
  await mkdir(join(store.root, 'no-dataset'));
  const before = await store.hashes();
  expect([...before.keys()]).toEqual(['one', 'two']);
  const one = await store.open('one');
  await one.append(synthetics(1));
  expect(await store.hashes()).toEqual(new Map([...before, ['one', one.hash]]));
  expect(one.hash).not.toBe(before.get('one'));
});

it('refuses to create a dataset twice', async () => {
  const store = await createStore();
  const first = await store.create('taken', DATASET);
  await first.append(synthetics(1));
  await expect(store.create('taken', DATASET)).rejects.toMatchObject({ code: 'exists' });
  expect((await store.open('taken')).info.episodes).toBe(1);
});

it('lets only one of two simultaneous creators have a name', async () => {
  const store = await createStore();
  const results = await Promise.allSettled([1, 2, 3].map(() => store.create('wanted', DATASET)));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.map(({ reason }) => reason.code)).toEqual(['exists', 'exists']);
  expect((await store.open('wanted')).info.episodes).toBe(0);
});

it('says which tasks there are when asked for another', async () => {
  const store = await createStore();
  const created = store.create('new', { task: 'juggling', controlHz: 20 });
  await expect(created).rejects.toThrow(/left-right/);
  expect(await store.list()).toEqual([]);
});

it('says which datasets there are when asked for another', async () => {
  const store = await createStore();
  await store.create('apples', DATASET);
  await expect(store.open('pears')).rejects.toThrow(/apples/);
});

it.each([
  '',
  '.',
  '..',
  '../outside',
  '/etc',
  'a/b',
  'a\\b',
  '.trash',
  '-first',
  '_first',
  '__proto__',
  'Upper',
  'ümlaut',
  'sp ace',
  'nul\0',
  'line\n',
  'a'.repeat(65),
])('refuses the name %j', async (name) => {
  const store = await createStore();
  await store.create('one', DATASET);
  const refused = { code: 'invalid-name' };
  await expect(store.create(name, DATASET)).rejects.toMatchObject(refused);
  await expect(store.open(name)).rejects.toMatchObject(refused);
  await expect(store.trash(name)).rejects.toMatchObject(refused);
  await expect(store.derive('one', name, (all) => all)).rejects.toMatchObject(refused);
  await expect(store.restore(await store.trash('one'), name)).rejects.toMatchObject(refused);
});

it.each(['a', '0', 'left-right_20hz', 'a'.repeat(64)])('accepts the name %j', async (name) => {
  const store = await createStore();
  expect((await store.create(name, DATASET)).name).toBe(name);
});

it('refuses links, wherever they lead', async () => {
  const store = await createStore();
  const outside = await createStore();
  await store.create('inside', DATASET);
  await outside.create('secret', DATASET);
  await symlink(join(outside.root, 'secret'), join(store.root, 'out'));
  await symlink(join(store.root, 'inside'), join(store.root, 'alias'));
  for (const name of ['out', 'alias']) {
    await expect(store.open(name)).rejects.toMatchObject({ code: 'invalid-name' });
    await expect(store.trash(name)).rejects.toMatchObject({ code: 'invalid-name' });
    await expect(store.create(name, DATASET)).rejects.toMatchObject({ code: 'invalid-name' });
  }
  expect((await store.list()).map(({ name, error }) => [name, error?.code])).toEqual([
    ['alias', 'invalid-name'],
    ['inside', undefined],
    ['out', 'invalid-name'],
  ]);
});

it('works below a linked root', async () => {
  const store = await createStore();
  await store.create('one', DATASET);
  const link = join(await temporaryDirectory(), 'link');
  await symlink(store.root, link);
  expect((await new DatasetStore(link).open('one')).info.episodes).toBe(0);
});

it('restores from the trash what it moved there', async () => {
  const store = await createStore();
  const dataset = await store.create('one', DATASET);
  await dataset.append(synthetics(2));
  const id = await store.trash('one');
  expect(await store.list()).toEqual([]);
  const [entry, ...rest] = await store.listTrash();
  expect(entry).toMatchObject({ id, name: 'one' });
  expect(new Date(entry.trashedAt).toISOString()).toBe(entry.trashedAt);
  expect(rest).toEqual([]);

  const restored = await store.restore(id);
  expect(restored.info).toEqual(dataset.info);
  expect(await restored.readAll()).toStrictEqual(synthetics(2));
  expect(await store.listTrash()).toEqual([]);
  expect(await restored.append(synthetics(1))).toEqual({ from: 2, to: 3 });
});

it('restores under another name where the old one is taken', async () => {
  const store = await createStore();
  await store.create('one', DATASET);
  const id = await store.trash('one');
  await store.create('one', DATASET);
  await expect(store.restore(id)).rejects.toMatchObject({ code: 'exists' });
  expect((await store.restore(id, 'two')).name).toBe('two');
});

it.each(['one', 'one.20250101T000000000Z', '../datasets/one', '..', ''])(
  'has no entry %j in the trash',
  async (id) => {
    const store = await createStore();
    await store.create('one', DATASET);
    await expect(store.restore(id)).rejects.toMatchObject({ code: 'not-found' });
  },
);

it('does not bring a trashed dataset back by appending to it', async () => {
  const store = await createStore();
  const dataset = await store.create('one', DATASET);
  await store.trash('one');
  await expect(dataset.append(synthetics(1))).rejects.toMatchObject({ code: 'not-found' });
  expect(await readdir(store.root)).not.toContain('one');
});

it('deletes episodes by writing a copy without them', async () => {
  const store = await createStore();
  const original = await store.create('one', DATASET);
  await original.append(synthetics(5));
  const copy = await store.derive('one', 'two', (all) => [1, 2, 4].map((i) => all[i]));
  expect(await copy.readAll()).toStrictEqual([1, 2, 4].map((seed) => synthetic(seed)));
  expect(copy.hash).not.toBe(original.hash);
  expect(await (await store.open('one')).readAll()).toStrictEqual(synthetics(5));
});

it('relabels episodes by writing a copy', async () => {
  const store = await createStore();
  const original = await store.create('one', DATASET);
  await original.append([synthetic(1, { mode: null })]);
  const copy = await store.derive('one', 'two', (episodes) =>
    episodes.map((episode) => ({ ...episode, mode: 'left' })),
  );
  expect(copy.info.modes).toEqual({ left: 1, right: 0 });
  expect(original.info.unlabelled).toBe(1);
});

it('leaves nothing of a copy that could not be finished', async () => {
  const store = await createStore();
  await (await store.create('one', DATASET)).append(synthetics(2));
  const noMode = store.derive('one', 'two', ([first]) => [{ ...first, mode: 'over' }]);
  await expect(noMode).rejects.toMatchObject({ code: 'invalid-demonstration' });
  expect((await store.list()).map(({ name }) => name)).toEqual(['one']);
  expect(await readdir(join(store.root, '.staging'))).toEqual([]);
});

it('throws errors of its own class', async () => {
  const store = await createStore();
  await expect(store.open('none')).rejects.toBeInstanceOf(DatasetError);
});

it('calls a directory without a description damaged', async () => {
  const store = await createStore();
  await mkdir(join(store.root, 'bare'), { recursive: true });
  await expect(store.open('bare')).rejects.toMatchObject({ code: 'damaged' });
  await rm(join(store.root, 'bare'), { recursive: true });
});
