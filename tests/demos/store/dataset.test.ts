import { appendFile, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import { temporaryPath } from '../../../demos/files/index.ts';
import { Dataset, DatasetStore } from '../../../demos/store/index.ts';
import { dataPath } from '../../../demos/store/layout.ts';
import { ACTION_DIM, STATE_DIM } from '../../../sim/index.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import {
  DATASET,
  ENVIRONMENT_DIM,
  expectedFiles,
  filesOf,
  synthetic,
  synthetics,
  task,
  temporaryDirectory,
} from './support.ts';

const root = await temporaryDirectory();
const store = new DatasetStore(root, { lockPatience: 0 });
let datasets = 0;

function create(): Promise<Dataset> {
  return store.create(`dataset-${datasets++}`, DATASET);
}

const finite = { noNaN: true, noDefaultInfinity: true };
const number = fc.double(finite);
/** What is read back has the prototype of ordinary objects. */
const plain = { noNullPrototype: true } as const;

const initials = fc.record(
  {
    joints: fc.array(number, { minLength: 7, maxLength: 7 }),
    gripperOpening: number,
    objects: fc.tuple(fc.tuple(number, number, number)),
  },
  plain,
);

const demonstrations: fc.Arbitrary<Demonstration> = fc
  .integer({ min: 1, max: 12 })
  .chain((length) => {
    const rows = (width: number) =>
      fc.float32Array({ ...finite, minLength: length * width, maxLength: length * width });
    return fc.record(
      {
        task: fc.constant(task.name),
        mode: fc.constantFrom('left', 'right', null),
        source: fc.constantFrom('scripted', 'browser'),
        seed: fc.option(fc.maxSafeInteger()),
        controlHz: fc.constant(20),
        initial: initials,
        success: fc.boolean(),
        contact: fc.boolean(),
        length: fc.constant(length),
        state: rows(STATE_DIM),
        environment: rows(ENVIRONMENT_DIM),
        action: rows(ACTION_DIM),
        command: rows(ACTION_DIM),
        replayHash: fc.stringMatching(/^[0-9a-f]{16}$/),
        physics: fc.record(
          { package: fc.string({ minLength: 1 }), version: fc.constant('1') },
          plain,
        ),
      },
      plain,
    );
  });

/** `toStrictEqual` takes −0 and 0 for different, in plain numbers and in typed arrays. */
it('gives back every demonstration bit for bit', async () => {
  const dataset = await create();
  await fc.assert(
    fc.asyncProperty(demonstrations, async (demonstration) => {
      const { from, to } = await dataset.append([demonstration]);
      expect(to).toBe(from + 1);
      const reopened = await Dataset.open(dataset.directory);
      expect(await reopened.read(from)).toStrictEqual(demonstration);
      const { state, environment, action, command, ...facts } = demonstration;
      expect(reopened.episodes[from]).toStrictEqual(facts);
      for (const [field, values] of Object.entries({ state, environment, action, command })) {
        const read = (await reopened.read(from))[field as 'state'];
        expect(Buffer.from(read.buffer).equals(Buffer.from(values.buffer))).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

it('gives back a demonstration of the simulator', async () => {
  const dataset = await create();
  const demonstration = demonstrateMode('left', 3);
  await dataset.append([demonstration]);
  const reopened = await Dataset.open(dataset.directory);
  expect(await reopened.read(0)).toStrictEqual(demonstration);
  expect(reopened.info).toMatchObject({
    episodes: 1,
    frames: demonstration.length,
    modes: { left: 1, right: 0 },
    successes: 1,
  });
});

it('counts episodes by mode, success and source', async () => {
  const dataset = await create();
  await dataset.append([
    synthetic(1, { mode: 'left', success: true }),
    synthetic(2, { mode: 'left', success: false }),
    synthetic(3, { mode: 'right', success: true, source: 'browser' }),
    synthetic(4, { mode: null, success: false }),
  ]);
  expect(dataset.info).toStrictEqual({
    name: dataset.name,
    camera: null,
    interventions: false,
    task: 'left-right',
    controlHz: 20,
    episodes: 4,
    frames: 6 + 7 + 8 + 5,
    modes: { left: 2, right: 1 },
    unlabelled: 1,
    successes: 2,
    sources: { scripted: 3, browser: 1, imported: 0 },
    unverified: 0,
    corrected: 0,
    hash: dataset.hash,
  });
});

it('yields the episodes in order', async () => {
  const dataset = await create();
  const episodes = synthetics(4);
  await dataset.append(episodes.slice(0, 1));
  await dataset.append(episodes.slice(1));
  expect(await dataset.readAll()).toStrictEqual(episodes);
  const iterated: Demonstration[] = [];
  for await (const demonstration of dataset) iterated.push(demonstration);
  expect(iterated).toStrictEqual(episodes);
});

it('is the same directory however its episodes came in, and holds nothing else', async () => {
  const one = await create();
  const other = await create();
  await one.append(synthetics(5));
  for (const demonstration of synthetics(5)) await other.append([demonstration]);
  expect(await filesOf(one.directory)).toEqual(expectedFiles(5));
  expect(await filesOf(other.directory)).toEqual(expectedFiles(5));
  expect(other.info).toEqual({ ...one.info, name: other.name });
  expect(other.statistics).toEqual(one.statistics);
});

it('takes simultaneous appends one after the other', async () => {
  const dataset = await create();
  const ranges = await Promise.all(synthetics(6).map((each) => dataset.append([each])));
  expect(ranges.map(({ from }) => from)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(await dataset.readAll()).toStrictEqual(synthetics(6));
});

it('appends to what others appended meanwhile', async () => {
  const dataset = await create();
  const other = await Dataset.open(dataset.directory);
  await other.append(synthetics(2));
  expect(dataset.info.episodes).toBe(0);
  expect(await dataset.append(synthetics(1, 2))).toEqual({ from: 2, to: 3 });
  expect(await dataset.readAll()).toStrictEqual(synthetics(3));
});

it('does nothing for an append of no episodes', async () => {
  const dataset = await create();
  expect(await dataset.append([])).toEqual({ from: 0, to: 0 });
  expect(await filesOf(dataset.directory)).toEqual(expectedFiles(0));
});

it('begins a new folder after 1000 episodes', () => {
  expect([0, 999, 1000, 2001].map(dataPath)).toEqual([
    'data/chunk-000/file-000.parquet',
    'data/chunk-000/file-999.parquet',
    'data/chunk-001/file-000.parquet',
    'data/chunk-002/file-001.parquet',
  ]);
});

it('reads and extends a dataset of more than one folder', async () => {
  const dataset = await create();
  const short = (seed: number) => synthetic(seed, { length: 1 });
  await dataset.append(Array.from({ length: 1001 }, (_, i) => short(i)));
  await dataset.append([short(1001)]);
  const reopened = await Dataset.open(dataset.directory);
  expect(reopened.info.episodes).toBe(1002);
  for (const i of [0, 999, 1000, 1001]) expect(await reopened.read(i)).toStrictEqual(short(i));
});

it.each([-1, 2, 0.5, Number.NaN])('has no episode %d', async (index) => {
  const dataset = await create();
  await dataset.append(synthetics(2));
  await expect(dataset.read(index)).rejects.toMatchObject({ code: 'not-found' });
});

it('reads the old state while another process writes, and clears nothing away', async () => {
  const dataset = await create();
  await dataset.append(synthetics(2));
  const ahead = await create();
  await ahead.append(synthetics(4));
  // What is there just before the commit of an append: data files and index are ahead.
  const copied = ['meta/episodes/chunk-000/file-000.parquet', dataPath(2), dataPath(3)];
  for (const path of copied) {
    await copyFile(join(ahead.directory, path), join(dataset.directory, path));
  }
  const staged = temporaryPath(join(dataset.directory, '.staging'), 'file-004.parquet');
  await writeFile(staged, 'half');
  const lock = join(dataset.directory, '.locks', `elsewhere.1.1.00`);
  await mkdir(join(dataset.directory, '.locks'), { recursive: true });
  await writeFile(lock, '');

  const before = await filesOf(dataset.directory);
  const reader = await Dataset.open(dataset.directory);
  expect(await reader.readAll()).toStrictEqual(synthetics(2));
  expect(await filesOf(dataset.directory)).toEqual(before);

  await rm(lock);
  const next = await Dataset.open(dataset.directory);
  expect(next.info).toEqual(reader.info);
  expect(await filesOf(dataset.directory)).toEqual(expectedFiles(2));
});

it('leaves files alone that are not its own', async () => {
  const dataset = await create();
  await dataset.append(synthetics(1));
  await appendFile(join(dataset.directory, 'README.md'), 'mine');
  await appendFile(join(dataset.directory, '.staging/notes.txt'), 'mine');
  await appendFile(join(dataset.directory, 'data/chunk-000/notes.txt'), 'mine');
  await appendFile(join(dataset.directory, 'data/chunk-000/file-001.parquet'), 'torn');
  await Dataset.open(dataset.directory);
  expect(await filesOf(dataset.directory)).toEqual(
    [...expectedFiles(1), 'README.md', '.staging/notes.txt', 'data/chunk-000/notes.txt'].sort(),
  );
});
