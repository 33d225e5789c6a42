import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Demonstration } from '../../../demos/demonstration.ts';
import { Dataset, DatasetStore, datasetHash, episodeDigest } from '../../../demos/store/index.ts';
import { DATASET, synthetic, synthetics, temporaryDirectory } from './support.ts';

const store = new DatasetStore(await temporaryDirectory());

/** The digest as its documentation says, for facts without −0. */
function documentedDigest(demonstration: Demonstration): string {
  const { task, mode, source, seed, controlHz, initial, success, contact, length } = demonstration;
  const { replayHash, physics, state, environment, action, command } = demonstration;
  const facts = { task, mode, source, seed, controlHz, initial, success, contact, length };
  const json = JSON.stringify({ ...facts, replayHash, physics });
  const arrays = [state, environment, action, command];
  const bytes = Buffer.alloc(4 * arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) for (const value of array) at = bytes.writeFloatLE(value, at);
  return createHash('sha256').update(`${json}\n`).update(bytes).digest('hex');
}

it('is what its documentation says', async () => {
  const episodes = synthetics(2, 1);
  const digests = episodes.map(documentedDigest);
  expect(episodes.map(episodeDigest)).toEqual(digests);
  const dataset = await store.create('documented', DATASET);
  await dataset.append(episodes);
  const text = `left-right 20\n${digests[0]}\n${digests[1]}\n`;
  expect(dataset.hash).toBe(createHash('sha256').update(text).digest('hex'));
});

it('does not depend on name, place, time or the number of appends', async () => {
  const one = await store.create('one', DATASET);
  await one.append(synthetics(4));
  const other = await store.create('other', DATASET);
  await other.append(synthetics(1));
  await other.append(synthetics(3, 1));
  expect(other.hash).toBe(one.hash);
  const moved = join(store.root, 'moved');
  await rename(other.directory, moved);
  expect((await Dataset.open(moved)).hash).toBe(one.hash);
});

it('depends on the order of the episodes, on task and control rate', () => {
  const hashes = [
    datasetHash('left-right', 20, ['a', 'b']),
    datasetHash('left-right', 20, ['b', 'a']),
    datasetHash('left-right', 20, ['a']),
    datasetHash('left-right', 50, ['a', 'b']),
    datasetHash('other', 20, ['a', 'b']),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

const base = synthetic(1);
const changed = (array: Float32Array) => array.with(array.length - 1, array[0] + 1);

it.each<[string, Partial<Demonstration>]>([
  ['state', { state: changed(base.state) }],
  ['environment', { environment: changed(base.environment) }],
  ['action', { action: changed(base.action) }],
  ['command', { command: changed(base.command) }],
  ['replay hash', { replayHash: 'f'.repeat(16) }],
  ['start', { initial: { ...base.initial, gripperOpening: 0 } }],
  ['sign of zero in the start', { initial: { ...base.initial, gripperOpening: -0 } }],
  ['mode', { mode: null }],
  ['source', { source: 'browser' }],
  ['seed', { seed: null }],
  ['success', { success: !base.success }],
  ['contact', { contact: !base.contact }],
  ['physics', { physics: { package: 'other', version: '0' } }],
  ['proof', { replayHash: null, physics: null }],
])('depends on the %s of an episode', (_, changes) => {
  const digests = [base, { ...base, initial: { ...base.initial, gripperOpening: 0 } }];
  const digest = episodeDigest({ ...base, ...changes });
  expect(digest).not.toBe(episodeDigest(base));
  if (Object.is(changes.initial?.gripperOpening, -0)) {
    expect(digest).not.toBe(episodeDigest(digests[1]));
  }
});

it('does not depend on properties that are not stored', () => {
  expect(episodeDigest({ ...base, extra: 1 } as Demonstration)).toBe(episodeDigest(base));
});
