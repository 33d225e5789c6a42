/** What is known of an episode, in each of its frames: LeRobot's tools keep nothing else. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseEnvelope } from '../../../demos/store/envelope.ts';
import { decodeEpisode, encodeEpisode } from '../../../demos/store/episode-file.ts';
import { NO_EXTRAS } from '../../../demos/store/extras.ts';
import { Dataset, DatasetStore } from '../../../demos/store/index.ts';
import { DATASET, synthetic, synthetics, task, temporaryDirectory } from './support.ts';

const store = new DatasetStore(await temporaryDirectory());
const unverified = synthetic(4, { replayHash: null, physics: null, source: 'imported' });

async function featuresOf({ directory }: Dataset): Promise<string[]> {
  const info = JSON.parse(await readFile(join(directory, 'meta', 'info.json'), 'utf8'));
  return Object.keys(info.features);
}

it('opens, extends and copies datasets of before there was the column, and leaves them their hash', async () => {
  const old = await store.create('old', { ...DATASET, facts: false });
  await old.append(synthetics(2));
  const reopened = await Dataset.open(old.directory);
  await reopened.append([synthetic(2)]);
  expect(await featuresOf(reopened)).not.toContain('sim.episode');
  expect(await reopened.readAll()).toStrictEqual(synthetics(3));

  const edited = await store.derive('old', 'edited', (all) => all);
  expect(await featuresOf(edited)).toContain('sim.episode');
  expect(edited.hash).toBe(reopened.hash);
  const adopted = await store.adopt(reopened.directory, 'adopted');
  expect(adopted.hash).toBe(reopened.hash);
});

it('refuses a frame that carries other facts than its file', async () => {
  const extras = { ...NO_EXTRAS, facts: true };
  const position = { episode: 0, firstFrame: 0 };
  const bytes = encodeEpisode(task, synthetic(1), position, extras);
  expect(await decodeEpisode('x', bytes, task, position, extras)).toStrictEqual(synthetic(1));
  // The text stands in the column once, and again in the file's metadata, which is its end.
  const text = Buffer.from('"mode":"right"');
  const tampered = Buffer.from(bytes);
  tampered.write('"mode":"wrong"', tampered.lastIndexOf(text), 'latin1');
  const decode = decodeEpisode('x', tampered, task, position, extras);
  await expect(decode).rejects.toThrow(/sim\.episode of frame 0/);
});

it.each(['', 'null', '{"format":1}', `{"format":1,"episode":${'['.repeat(9000)}`, 'x'.repeat(1e6)])(
  'makes nothing of other texts',
  (text) => {
    expect(parseEnvelope(text).facts).toBeNull();
  },
);

it('keeps an episode that is not verified as that, and counts it', async () => {
  const dataset = await store.create('mixed', DATASET);
  await dataset.append([synthetic(1), unverified]);
  const reopened = await Dataset.open(dataset.directory);
  expect(await reopened.readAll()).toStrictEqual([synthetic(1), unverified]);
  expect(reopened.info).toMatchObject({ episodes: 2, unverified: 1, sources: { imported: 1 } });
});

it.each([{ replayHash: null }, { physics: null }])(
  'refuses an episode that is half verified: %j',
  async (half) => {
    const dataset = await store.create(`half-${Object.keys(half)[0].toLowerCase()}`, DATASET);
    await expect(dataset.append([synthetic(1, half)])).rejects.toMatchObject({
      code: 'invalid-demonstration',
    });
  },
);
