/** Episodes that a policy began and a person corrected, in a dataset on disk. */
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { Dataset, DatasetStore, episodeDigest } from '../../../demos/store/index.ts';
import { normalizersOf, trainingWindows } from '../../../demos/windows.ts';
import { DATASET, synthetic, synthetics, temporaryDirectory } from './support.ts';

const store = new DatasetStore(await temporaryDirectory());
const KIND = { ...DATASET, interventions: true } as const;
const corrected = synthetic(3, { length: 6, intervention: Uint8Array.of(0, 0, 0, 1, 1, 0) });

it('keeps the flags of each frame, and reads them back', async () => {
  const dataset = await store.create('corrected', KIND);
  await dataset.append([synthetic(1), corrected]);
  const reopened = await Dataset.open(dataset.directory);
  expect(await reopened.readAll()).toStrictEqual([synthetic(1), corrected]);
  expect(reopened.interventions).toEqual([0, 2]);
  expect(reopened.info).toMatchObject({ interventions: true, corrected: 1, episodes: 2 });
});

it('shows them to others as a column of truth values', async () => {
  const dataset = await store.create('for-others', KIND);
  await dataset.append([corrected]);
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const file = join(dataset.directory, 'data/chunk-000/file-000.parquet');
  const reader = await duckdb.runAndReadAll(`SELECT intervention FROM '${file}'`);
  const rows = reader.getRowObjectsJS().map(({ intervention }) => intervention);
  expect(rows).toEqual([false, false, false, true, true, false]);
});

it('leaves a dataset of whole demonstrations its hash, whether or not it has the column', async () => {
  const plain = await store.create('plain', DATASET);
  await plain.append(synthetics(3));
  const derived = await store.derive('plain', 'with-column', (all) => all, { interventions: true });
  expect(derived.hash).toBe(plain.hash);
  expect(derived.info).toMatchObject({ interventions: true, corrected: 0 });
  const without = await store.derive('plain', 'again', (all) => all);
  expect(without.info.interventions).toBe(false);
});

it('has another digest where other frames are flagged', () => {
  const { intervention: _, ...whole } = corrected;
  const other = { ...corrected, intervention: Uint8Array.of(0, 0, 0, 0, 1, 0) };
  expect(new Set([corrected, whole, other].map(episodeDigest)).size).toBe(3);
});

it.each([
  ['of another length', Uint8Array.of(1, 0), 'flags of 0 or 1'],
  ['that are no truth values', Uint8Array.of(0, 0, 0, 2, 0, 0), 'flags of 0 or 1'],
  ['none of which is set', new Uint8Array(6), 'none that is 1'],
])('refuses flags %s', async (what, intervention, message) => {
  const dataset = await store.create(`bad-${what.replaceAll(' ', '-')}`, KIND);
  await expect(dataset.append([{ ...corrected, intervention }])).rejects.toThrow(message);
  expect(dataset.info.episodes).toBe(0);
});

it('refuses a correction where the column is missing, before anything is written', async () => {
  const dataset = await store.create('no-column', DATASET);
  await expect(dataset.append([corrected])).rejects.toMatchObject({ code: 'mismatch' });
  expect(dataset.info.episodes).toBe(0);
});

it('is learnt from at flagged frames alone, with what was seen before them', () => {
  const whole = synthetic(1, { length: 5 });
  const normalizers = normalizersOf([whole, corrected]);
  const horizons = { obsHorizon: 2, predHorizon: 3 };
  const all = trainingWindows([whole, corrected], normalizers, horizons);
  expect(all.count).toBe(5 + 2);
  // The same attempt with all frames learnt from: its windows 3 and 4 are those that remain.
  const { intervention: _, ...unflagged } = corrected;
  const every = trainingWindows([unflagged], normalizers, horizons);
  const chunk = every.chunks.length / every.count;
  const seen = every.observations.length / every.count;
  expect(all.chunks.slice(5 * chunk)).toEqual(every.chunks.slice(3 * chunk, 5 * chunk));
  expect(all.observations.slice(5 * seen)).toEqual(every.observations.slice(3 * seen, 5 * seen));
});
