/** Directories that somebody else put into a store, or changed: nothing outside them is touched. */
import { execFileSync } from 'node:child_process';
import {
  cp,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryPath } from '../../../demos/files/index.ts';
import { Dataset, DatasetStore } from '../../../demos/store/index.ts';
import { INFO_PATH, STATS_PATH, TASKS_PATH } from '../../../demos/store/layout.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { DATASET, expectedFiles, filesOf, synthetics } from './support.ts';

const sound = await new DatasetStore(await temporaryDirectory()).create('sound', DATASET);
await sound.append(synthetics(2));

let store: DatasetStore;
let directory: string;
let outside: string;
beforeEach(async () => {
  store = new DatasetStore(await temporaryDirectory(), { lockPatience: 0 });
  directory = join(store.root, 'x');
  await cp(sound.directory, directory, { recursive: true });
  await cp(sound.directory, join(store.root, 'beside'), { recursive: true });
  outside = await temporaryDirectory();
});

/** Every way in which the store reads, repairs, changes or removes. */
async function useStore(): Promise<unknown[]> {
  const reasons: unknown[] = [];
  for (const use of [
    () => store.list(),
    () => store.hashes(),
    () => store.open('x').then((dataset) => dataset.readAll()),
    () => store.open('x').then((dataset) => dataset.append(synthetics(1, 5))),
    () => store.derive('x', 'fewer', (all) => all.slice(1)),
    () => store.trash('x').then((id) => store.restore(id)),
    () => store.listTrash(),
    () => store.create('new', DATASET),
  ]) {
    await use().catch((reason) => reasons.push(reason));
  }
  return reasons;
}

describe.each(['.staging', '.locks', 'data', 'data/chunk-000', 'data/chunk-001', 'meta'])(
  'a link in the place of %s',
  (path) => {
    const names = [
      'mine.txt',
      'file-000.parquet',
      'file-007.parquet',
      'file-000.parquet.00000000.host.999999999.1.tmp',
      'host.999999999.1.00000000',
    ];

    it('has nothing removed behind it, and is named', async () => {
      for (const name of names) await writeFile(join(outside, name), 'mine');
      await mkdir(join(outside, 'chunk-001'));
      await writeFile(join(outside, 'chunk-001', 'file-000.parquet'), 'mine');
      const before = await filesOf(outside);
      await rm(join(directory, path), { recursive: true, force: true });
      await symlink(outside, join(directory, path));
      const reasons = await useStore();
      expect(await filesOf(outside)).toEqual(before);
      expect(reasons.map(String).join('\n')).toContain(join(directory, path));
      for (const reason of reasons) expect(reason).toMatchObject({ name: 'DatasetError' });
    });
  },
);

it.each(['.staging', '.trash'])('follows no link in the place of the store’s %s', async (name) => {
  const left = 'x.00000000.host.999999999.1.tmp';
  await mkdir(join(outside, left));
  await symlink(outside, join(store.root, name));
  const reasons = await useStore();
  expect(await readdir(outside)).toEqual([left]);
  expect(String(reasons)).toContain(join(store.root, name));
});

it('removes a link in its staging, not what it leads to', async () => {
  await writeFile(join(outside, 'mine.txt'), 'mine');
  await symlink(outside, temporaryPath(join(directory, '.staging'), 'file-009.parquet'));
  await store.open('x');
  expect(await readdir(join(directory, '.staging'))).toEqual([]);
  expect(await readdir(outside)).toEqual(['mine.txt']);
});

/** The dataset is shown with what is wrong, and the one beside it as ever. */
async function expectShownAsDamaged(path: string): Promise<void> {
  const listed = await store.list();
  expect(listed.map(({ name, info }) => [name, info?.episodes])).toEqual([
    ['beside', 2],
    ['x', undefined],
  ]);
  expect(listed[1].error).toMatchObject({ code: 'damaged' });
  expect(listed[1].error?.message).toContain(path);
  expect(listed[1].error?.message.length).toBeLessThan(2000);
  expect([...(await store.hashes()).keys()]).toContain('beside');
}

it('believes no count of episodes before it has seen them', async () => {
  const path = join(directory, INFO_PATH);
  const text = await readFile(path, 'utf8');
  const many = 100_000_000;
  await writeFile(
    path,
    text.replace('"total_episodes": 2', `"total_episodes": ${many}`).replace('0:2', `0:${many}`),
  );
  await rm(join(directory, 'meta/episodes'), { recursive: true });
  const before = process.memoryUsage().rss;
  await expectShownAsDamaged('file-002.parquet');
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
});

it('reads no description that is larger than any it writes', async () => {
  const path = join(directory, INFO_PATH);
  const keys = Array.from({ length: 100_000 }, (_, i) => `"k${i}": ${i}`).join(',');
  await writeFile(path, `{${keys}}`);
  await expectShownAsDamaged(INFO_PATH);
});

it.each([
  ['the index', 'meta/episodes/chunk-000/file-000.parquet'],
  ['a data file', 'data/chunk-000/file-001.parquet'],
])('reads no huge sparse file in the place of %s', async (_, path) => {
  await rm(join(directory, 'meta/episodes'), { recursive: true });
  await mkdir(join(directory, 'meta/episodes/chunk-000'), { recursive: true });
  const file = await open(join(directory, path), 'w');
  await file.truncate(2 ** 40);
  await file.close();
  const listed = await store.list();
  expect(listed[0].info?.episodes).toBe(2);
  // An index follows from the episodes, and is made again.
  if (listed[1].info) expect(await filesOf(directory)).toEqual(expectedFiles(2));
  else expect(listed[1].error.message).toContain(path);
});

describe.runIf(process.platform !== 'win32')('a pipe', () => {
  it.each([INFO_PATH, 'data/chunk-000/file-001.parquet'])(
    'for %s is refused at once',
    async (path) => {
      await rm(join(directory, path));
      execFileSync('mkfifo', [join(directory, path)]);
      if (path !== INFO_PATH) await rm(join(directory, 'meta/episodes'), { recursive: true });
      await expectShownAsDamaged(path);
    },
  );
});

it.each([INFO_PATH, 'data/chunk-000/file-001.parquet'])(
  'says which file is a directory: %s',
  async (path) => {
    await rm(join(directory, path));
    await mkdir(join(directory, path));
    await rm(join(directory, 'meta/episodes'), { recursive: true });
    await expectShownAsDamaged(path);
  },
);

describe.each([STATS_PATH, TASKS_PATH])('%s', (path) => {
  it.each([
    ['of noise', () => writeFile(join(directory, path), Buffer.alloc(100, 7))],
    ['of a flipped bit', flipBit],
    ['that is gone', () => rm(join(directory, path))],
  ])('%s is made again', async (_, damage) => {
    const intact = await readFile(join(directory, path));
    await damage();
    await store.open('x');
    expect((await readFile(join(directory, path))).equals(intact)).toBe(true);
  });

  async function flipBit() {
    const bytes = await readFile(join(directory, path));
    bytes[bytes.length >> 1] ^= 4;
    await writeFile(join(directory, path), bytes);
  }
});

describe('a copy', () => {
  it('is the dataset, byte by byte, without what is not its own', async () => {
    await writeFile(join(directory, 'data/chunk-000/notes.txt'), 'mine');
    const target = await temporaryDirectory();
    await (await store.open('x')).copyTo(target);
    expect(await filesOf(target)).toEqual(expectedFiles(2));
    for (const path of expectedFiles(2)) {
      expect(
        (await readFile(join(target, path))).equals(await readFile(join(directory, path))),
      ).toBe(true);
    }
    expect((await Dataset.open(target)).hash).toBe(sound.hash);
  });

  it('passes no damaged episode on, and no damaged statistics', async () => {
    const dataset = await store.open('x');
    await writeFile(join(directory, STATS_PATH), 'noise');
    const target = await temporaryDirectory();
    await dataset.copyTo(target);
    expect(await readFile(join(target, STATS_PATH), 'utf8')).not.toBe('noise');
    await writeFile(join(directory, 'data/chunk-000/file-001.parquet'), 'noise');
    await expect(dataset.copyTo(await temporaryDirectory())).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('file-001.parquet'),
    });
  });
});

it('ends a copy between two files where it is told to', async () => {
  const dataset = await store.open('x');
  const target = await temporaryDirectory();
  await expect(dataset.copyTo(target, AbortSignal.abort('stop'))).rejects.toBe('stop');
  expect(await filesOf(target)).toEqual([]);
});

it('lets one of several that trash a dataset at once do so, and the others find it gone', async () => {
  const patient = new DatasetStore(store.root);
  for (let round = 0; round < 20; round++) {
    const results = await Promise.allSettled([1, 2, 3].map(() => patient.trash('x')));
    const ids = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(ids).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      expect(result.reason).toMatchObject({ name: 'DatasetError', code: 'not-found' });
    }
    const restored = await store.restore(ids[0]);
    // No lock of a loser stays behind.
    await restored.append([]);
  }
});

it('lets one of two that restore a dataset at once find it gone', async () => {
  const id = await store.trash('x');
  const results = await Promise.allSettled([store.restore(id), store.restore(id, 'y')]);
  const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'ok'));
  expect(codes.sort()).toEqual(['not-found', 'ok']);
});

it('shows a dataset that was renamed while it is open as it is', async () => {
  const dataset = await store.open('x');
  await rename(directory, join(store.root, 'y'));
  await expect(dataset.append(synthetics(1))).rejects.toMatchObject({ code: 'not-found' });
  await expect(store.open('y')).resolves.toMatchObject({ name: 'y' });
});

it('a sound meta/info.json of another dataset is refused, and named', async () => {
  await store.create('other', DATASET).then((other) => other.append(synthetics(2, 7)));
  await cp(join(store.root, 'other', INFO_PATH), join(directory, INFO_PATH));
  await rm(join(directory, 'meta', 'episodes'), { recursive: true });
  await expect(store.open('x')).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringContaining(`as ${INFO_PATH} says`),
  });
});
