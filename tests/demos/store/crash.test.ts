/**
 * Kills writers and looks at what is left: it must be one of the states that the documentation
 * calls legal, and one can go on from it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import { DatasetStore } from '../../../demos/store/index.ts';
import { DATASET, expectedFiles, filesOf, synthetics, temporaryDirectory } from './support.ts';

const SOURCE = synthetics(7);

/** The first so many episodes that the writer appends: the source over and over. */
function appended(count: number): Demonstration[] {
  return Array.from({ length: count }, (_, i) => SOURCE[i % SOURCE.length]);
}

beforeAll(() => {
  const compiled = new URL('../../../dist/demos/store/index.js', import.meta.url);
  if (!existsSync(compiled)) throw new Error('compile the sources first: npm run build:node');
});

interface Writer {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly lines: string[];
  /** Resolves when it has printed more, or ended. */
  moreLines(): Promise<unknown>;
  /** Resolves when it has ended: the signal that killed it, or null. */
  readonly ended: Promise<string | null>;
}

function startWriter(...args: string[]): Writer {
  const path = fileURLToPath(new URL('./crash-writer.mjs', import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let rest = '';
  child.stdout.on('data', (data) => {
    const parts = `${rest}${data}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  const closed = once(child, 'close');
  const ended = closed.then(([code, signal]) => {
    if (signal === null && code !== 0) throw new Error(`the writer failed with exit code ${code}`);
    return signal;
  });
  return {
    child,
    lines,
    moreLines: () => Promise.race([once(child.stdout, 'data'), closed]),
    ended,
  };
}

async function createStore(source = SOURCE): Promise<DatasetStore> {
  const store = new DatasetStore(await temporaryDirectory());
  await (await store.create('source', DATASET)).append(source);
  return store;
}

/** The target holds the first `count` episodes, and no other file is left of a killed writer. */
async function expectEpisodes(store: DatasetStore, count: number): Promise<void> {
  const target = await store.open('target');
  expect(target.info.episodes).toBe(count);
  expect(await target.readAll()).toStrictEqual(appended(count));
  const files = await filesOf(target.directory);
  expect(files.filter((name) => !name.startsWith('.locks/'))).toEqual(expectedFiles(count));
}

it('keeps every append that was reported, whole, whenever the writer is killed', async () => {
  const store = await createStore();
  await store.create('target', DATASET);
  let committed = 0;
  for (let round = 0; round < 12; round++) {
    const { child, lines, moreLines, ended } = startWriter('loop', store.root);
    // Every second one may die in its first append, the others have reported one.
    while (lines.length <= round % 2) await moreLines();
    setTimeout(() => child.kill('SIGKILL'), Math.random() * 120);
    expect(await ended).toBe('SIGKILL');
    const reported = Number(lines.slice(1).at(-1) ?? committed);
    committed = (await store.open('target')).info.episodes;
    expect([reported, reported + 3]).toContain(committed);
    await expectEpisodes(store, committed);
  }
  expect(committed).toBeGreaterThan(0);
});

/** The stores that a kill at any moment of an action would have left, in the order of time. */
async function killedStores(action: string, store: DatasetStore): Promise<DatasetStore[]> {
  const snapshots = await temporaryDirectory();
  expect(await startWriter(action, store.root, snapshots).ended).toBeNull();
  const names = (await readdir(snapshots)).sort();
  return names.map((name) => new DatasetStore(join(snapshots, name), { lockPatience: 0 }));
}

it.each([0, 2])('appends all or nothing to %d episodes, wherever it is killed', async (before) => {
  const original = await createStore();
  await (await original.create('target', DATASET)).append(appended(before));
  const stores = await killedStores('append', original);
  expect(stores.length).toBeGreaterThan(20);
  let committed = before;
  for (const store of stores) {
    const { episodes } = (await store.open('target')).info;
    // Once committed it stays so.
    expect([committed, before + 2]).toContain(episodes);
    committed = episodes;
    await expectEpisodes(store, committed);
    await (await store.open('target')).append([appended(committed + 1)[committed]]);
    await expectEpisodes(store, committed + 1);
  }
  expect(committed).toBe(before + 2);
});

it('appends to what a killed append left, also where opening could not clear it away', async () => {
  const original = await createStore();
  await (await original.create('target', DATASET)).append(appended(2));
  for (const store of await killedStores('append', original)) {
    const locks = join(store.root, 'target/.locks');
    await mkdir(locks, { recursive: true });
    await writeFile(join(locks, 'elsewhere.1.1.00000000'), '');
    const target = await store.open('target');
    await rm(locks, { recursive: true });
    const { from, to } = await target.append(appended(7).slice(target.info.episodes, 7));
    expect([2, 4]).toContain(from);
    expect(to).toBe(7);
    await expectEpisodes(store, 7);
  }
});

it('can be killed while it clears away after a kill', async () => {
  const original = await createStore();
  await (await original.create('target', DATASET)).append(appended(2));
  const ahead = await original.create('ahead', DATASET);
  await ahead.append(appended(4));
  // All that an append writes before its commit.
  for (const path of expectedFiles(4).filter((name) => name !== 'meta/info.json')) {
    await cp(join(ahead.directory, path), join(original.root, 'target', path), { force: true });
  }
  const stores = await killedStores('open', original);
  expect(stores.length).toBeGreaterThan(10);
  for (const store of stores) await expectEpisodes(store, 2);
});

it('finishes a copy or makes none, wherever it is killed', async () => {
  // A copy of two episodes writes what one of many does: each of some eighty kills is gone on from.
  const few = SOURCE.slice(0, 4);
  const stores = await killedStores('derive', await createStore(few));
  const finished: boolean[] = [];
  for (const store of stores) {
    const names = (await store.list()).map(({ name }) => name);
    finished.push(names.includes('target'));
    if (!names.includes('target')) {
      await store.derive('source', 'target', (all) => all.slice(2));
    }
    expect(await (await store.open('target')).readAll()).toStrictEqual(few.slice(2));
    await store.create('another', DATASET);
    expect(await readdir(join(store.root, '.staging'))).toEqual([]);
  }
  expect(finished[0]).toBe(false);
  expect(finished.at(-1)).toBe(true);
});

it('has a dataset either in its place or in the trash', async () => {
  const original = await createStore();
  await (await original.create('target', DATASET)).append(appended(2));
  const trashed = await killedStores('trash', original);
  const restored = await killedStores('restore', original);
  for (const store of [...trashed, ...restored]) {
    const [entry, ...rest] = await store.listTrash();
    expect(rest).toEqual([]);
    const names = (await store.list()).map(({ name }) => name);
    expect(names.includes('target')).toBe(entry === undefined);
    if (entry) await store.restore(entry.id);
    await expectEpisodes(store, 2);
  }
});

it('lets two processes append at once, one after the other', async () => {
  const store = await createStore();
  await store.create('target', DATASET);
  const writers = [startWriter('compete', store.root), startWriter('compete', store.root)];
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([null, null]);
  const starts = writers.flatMap(({ lines }) => lines.slice(1).map(Number));
  expect(starts.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => 2 * i));
  // Whatever their order, each batch is whole.
  const target = await store.open('target');
  const seeds = target.episodes.map(({ seed }) => seed);
  const found = Array.from({ length: 16 }, (_, i) => seeds.slice(2 * i, 2 * i + 2).join());
  const batches = Array.from({ length: 8 }, (_, i) => [i % 7, (i + 1) % 7].join());
  expect(found.sort()).toEqual([...batches, ...batches].sort());
  expect(await target.readAll()).toHaveLength(32);
});
