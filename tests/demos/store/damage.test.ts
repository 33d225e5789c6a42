import { copyFile, cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Dataset, DatasetError, DatasetStore } from '../../../demos/store/index.ts';
import { dataPath, EPISODES_PATH, INFO_PATH } from '../../../demos/store/layout.ts';
import { DATASET, expectedFiles, filesOf, synthetics, temporaryDirectory } from './support.ts';

const store = new DatasetStore(await temporaryDirectory());
const original = await store.create('original', DATASET);
await original.append(synthetics(3));
let copies = 0;

/** A directory with the same three episodes. */
async function copy(): Promise<string> {
  const directory = join(store.root, `copy-${copies++}`);
  await cp(original.directory, directory, { recursive: true });
  return directory;
}

/** Changes a file, then what `act` does must fail with a DatasetError that names the file. */
async function expectDamage(path: string, act: () => Promise<unknown>, code = 'damaged') {
  const error: unknown = await act().catch((reason) => reason);
  expect(error).toBeInstanceOf(DatasetError);
  expect(error).toMatchObject({ code, message: expect.stringContaining(path) });
}

async function flipBit(path: string, fraction: number, bit: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[Math.floor(fraction * bytes.length)] ^= 1 << bit;
  await writeFile(path, bytes);
}

const anywhere = [
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  fc.nat(7),
] as const;

it('finds every flipped bit of a data file', async () => {
  const directory = await copy();
  const dataset = await Dataset.open(directory);
  const path = join(directory, dataPath(1));
  const intact = await readFile(path);
  await fc.assert(
    fc
      .asyncProperty(...anywhere, async (fraction, bit) => {
        await flipBit(path, fraction, bit);
        await expectDamage(path, () => dataset.read(1));
      })
      .afterEach(() => writeFile(path, intact)),
  );
  expect(await dataset.readAll()).toStrictEqual(synthetics(3));
});

it('finds a data file that is cut short, empty or gone', async () => {
  const directory = await copy();
  const dataset = await Dataset.open(directory);
  const path = join(directory, dataPath(2));
  const { length } = await readFile(path);
  for (const size of [length - 1, length - 8, length >> 1, 4, 0]) {
    await truncate(path, size);
    await expectDamage(path, () => dataset.read(2));
  }
  await rm(path);
  await expectDamage(path, () => dataset.readAll());
  expect(await dataset.read(0)).toStrictEqual(synthetics(1)[0]);
});

it('finds a data file in the place of another', async () => {
  const directory = await copy();
  await copyFile(join(directory, dataPath(0)), join(directory, dataPath(1)));
  const dataset = await Dataset.open(directory);
  await expectDamage(join(directory, dataPath(1)), () => dataset.read(1));
});

it('writes a damaged index anew from the episodes', async () => {
  const directory = await copy();
  const path = join(directory, EPISODES_PATH);
  const intact = await readFile(path);
  await fc.assert(
    fc.asyncProperty(...anywhere, async (fraction, bit) => {
      await flipBit(path, fraction, bit);
      const dataset = await Dataset.open(directory);
      expect({ ...dataset.info, name: original.name }).toEqual(original.info);
      expect(dataset.episodes).toStrictEqual(original.episodes);
      expect(dataset.statistics).toEqual(original.statistics);
      expect((await readFile(path)).equals(intact)).toBe(true);
    }),
    { numRuns: 20 },
  );
  for (const remove of [() => truncate(path, 100), () => rm(path)]) {
    await remove();
    expect((await Dataset.open(directory)).hash).toBe(original.hash);
    expect((await readFile(path)).equals(intact)).toBe(true);
  }
});

it('finds every flipped bit of a data file also when the index is gone', async () => {
  const directory = await copy();
  await rm(join(directory, EPISODES_PATH));
  const path = join(directory, dataPath(1));
  const intact = await readFile(path);
  await fc.assert(
    fc
      .asyncProperty(...anywhere, async (fraction, bit) => {
        await flipBit(path, fraction, bit);
        await expectDamage(join(directory, 'data'), () => Dataset.open(directory));
      })
      .afterEach(() => writeFile(path, intact)),
  );
  expect((await Dataset.open(directory)).hash).toBe(original.hash);
});

it('finds every flipped bit of the description, and removes nothing on its word', async () => {
  const directory = await copy();
  const path = join(directory, INFO_PATH);
  const intact = await readFile(path);
  await fc.assert(
    fc
      .asyncProperty(...anywhere, async (fraction, bit) => {
        await flipBit(path, fraction, bit);
        const error: unknown = await Dataset.open(directory).catch((reason) => reason);
        expect(error).toBeInstanceOf(DatasetError);
        expect(await filesOf(directory)).toEqual(expectedFiles(3));
      })
      .afterEach(() => writeFile(path, intact)),
  );
  expect((await Dataset.open(directory)).hash).toBe(original.hash);
});

/** Replaces text of `meta/info.json`. */
async function edit(directory: string, from: string | RegExp, to: string): Promise<string> {
  const path = join(directory, INFO_PATH);
  const text = await readFile(path, 'utf8');
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  await writeFile(path, edited);
  return path;
}

it.each<[string, 'damaged' | 'mismatch', string | RegExp, string]>([
  ['another LeRobot version', 'mismatch', 'v3.0', 'v2.1'],
  ['a later LeRobot version', 'mismatch', 'v3.0', 'v3.1'],
  ['nothing of this program', 'mismatch', /,\s*"forking_paths": \{[^}]*\}/, ''],
  ['an unknown task', 'mismatch', '"task": "left-right"', '"task": "juggling"'],
  ['a task with the name of a method', 'mismatch', '"task": "left-right"', '"task": "toString"'],
  ['other features', 'mismatch', 'ball.x', 'cube.x'],
  ['fewer episodes', 'damaged', '"total_episodes": 3', '"total_episodes": 2'],
  ['more episodes', 'damaged', '"total_episodes": 3', '"total_episodes": 4'],
  ['a negative count', 'damaged', '"total_episodes": 3', '"total_episodes": -3'],
  ['an endless count', 'damaged', '"total_episodes": 3', '"total_episodes": 1e999'],
  ['other frames', 'damaged', /"total_frames": \d+/, '"total_frames": 1'],
  ['another rate', 'damaged', '"fps": 20', '"fps": 30'],
  ['another split', 'damaged', '0:3', '0:2'],
  ['data elsewhere', 'damaged', 'data/chunk', '../chunk'],
  ['an unknown key', 'damaged', '{', '{"extra": 1,'],
  ['a __proto__ key', 'damaged', '{', '{"__proto__": {"fps": 20},'],
  ['a __proto__ among the features', 'mismatch', '"features": {', '"features": {"__proto__": {},'],
  ['an unknown format', 'damaged', '"format": 1', '"format": 2'],
  ['another hash of its data', 'damaged', /"data_sha256": ".{4}/, '"data_sha256": "0000'],
  ['a hash that is none', 'damaged', /"hash": "./, '"hash": "x'],
  ['text behind its end', 'damaged', /\}$/, '}}'],
  ['nothing', 'damaged', /[\s\S]*/, ''],
  ['null', 'damaged', /[\s\S]*/, 'null'],
  ['deep nesting', 'damaged', /[\s\S]*/, '['.repeat(100_000)],
])('refuses a description with %s', async (_, code, from, to) => {
  const directory = await copy();
  const path = await edit(directory, from, to);
  await expectDamage(path, () => Dataset.open(directory), code);
  expect(await filesOf(directory)).toEqual(expectedFiles(3));
});

it('refuses the description of another dataset', async () => {
  const directory = await copy();
  const other = await store.create('other', DATASET);
  await other.append(synthetics(3, 7));
  await copyFile(join(other.directory, INFO_PATH), join(directory, INFO_PATH));
  await expectDamage(join(directory, 'data'), () => Dataset.open(directory));
});
