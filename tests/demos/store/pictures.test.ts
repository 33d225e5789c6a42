/** Pictures in a dataset on disk, read by DuckDB and by a decoder that shares no code with ours. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { demonstrate } from '../../../demos/demonstrate.ts';
import { leftRightColourExpert } from '../../../demos/experts/left-right-colour.ts';
import { type Dataset, DatasetStore } from '../../../demos/store/index.ts';
import { encodePng } from '../../../demos/store/png.ts';
import { frontCamera, sceneShapes } from '../../../sim/camera/index.ts';
import { leftRightColour } from '../../../sim/tasks/left-right-colour/task.ts';
import { rapier } from '../../support/simulation.ts';
import { temporaryDirectory } from './support.ts';

const SIZE = 64;
const KIND = { task: leftRightColour.name, controlHz: 20, camera: SIZE } as const;
const store = new DatasetStore(await temporaryDirectory());
const episode = demonstrate(rapier, leftRightColour, leftRightColourExpert, 'right', {
  controlHz: 20,
  startSeed: 4,
  expertSeed: 4,
  instruction: 'hand me the green apple',
});
let dataset: Dataset;
beforeAll(async () => {
  dataset = await store.create('seen', KIND);
  await dataset.append([episode]);
});

/** Pixels of an RGB PNG, by the standard's text: unfilters 0 (none), 1 (sub) and 2 (up). */
function decodePng(file: Uint8Array): { width: number; height: number; rgb: Uint8Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  expect([...file.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  expect([...file.subarray(24, 29)]).toEqual([8, 2, 0, 0, 0]);
  const data: Uint8Array[] = [];
  for (let at = 8; at < file.length; at += 12 + view.getUint32(at)) {
    const type = Buffer.from(file.subarray(at + 4, at + 8)).toString('latin1');
    if (type === 'IDAT') data.push(file.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const rows = inflateSync(Buffer.concat(data));
  const stride = 3 * width;
  const rgb = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (1 + stride)];
    for (let i = 0; i < stride; i++) {
      const left = i < 3 ? 0 : rgb[y * stride + i - 3];
      const above = y === 0 ? 0 : rgb[(y - 1) * stride + i];
      expect(filter).toBeLessThan(3);
      rgb[y * stride + i] = rows[y * (1 + stride) + 1 + i] + [0, left, above][filter];
    }
  }
  return { width, height, rgb };
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await duckdb.runAndReadAll(sql.replaceAll('$ROOT', dataset.directory));
  return reader.getRowObjectsJS() as Record<string, unknown>[];
}

const COLUMN = '"observation.images.front"';
const DATA = "'$ROOT/data/chunk-000/file-000.parquet'";

describe('a PNG file', () => {
  it('holds the pixels it was made of', () => {
    const rgb = Uint8Array.from({ length: 3 * 5 * 5 }, (_, i) => (i * 37) % 256);
    expect(decodePng(encodePng(rgb, 5))).toEqual({ width: 5, height: 5, rgb });
  });

  it('carries checksums that the standard’s polynomial gives', () => {
    const file = encodePng(new Uint8Array(3), 1);
    // The end of every PNG file there is.
    expect([...file.subarray(-8)]).toEqual([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
  });
});

describe('a dataset with pictures', () => {
  it('keeps one of every frame, as the camera saw it', async () => {
    const rows = await query(`SELECT ${COLUMN}.bytes b, ${COLUMN}.path p FROM ${DATA}`);
    expect(rows).toHaveLength(episode.length);
    expect(rows[7].p).toBe('frame-000007.png');
    const camera = frontCamera(SIZE);
    for (const t of [0, 40, episode.length - 1]) {
      const at = episode.environment.subarray(9 * t, 9 * t + 6);
      const { rgb } = camera.render(
        sceneShapes(leftRightColour, {
          state: episode.state.subarray(8 * t, 8 * t + 8),
          objects: [
            [at[0], at[1], at[2]],
            [at[3], at[4], at[5]],
          ],
        }),
      );
      const decoded = decodePng(rows[t].b as Uint8Array);
      expect(decoded.width).toBe(SIZE);
      expect(Buffer.from(decoded.rgb).equals(rgb)).toBe(true);
    }
  });

  it('declares them as LeRobot does', async () => {
    const info = JSON.parse(await readFile(join(dataset.directory, 'meta/info.json'), 'utf8'));
    expect(info.features['observation.images.front']).toEqual({
      dtype: 'image',
      shape: [SIZE, SIZE, 3],
      names: ['height', 'width', 'channels'],
    });
    const pairs = await query(
      `SELECT decode(key) k, decode(value) v FROM parquet_kv_metadata(${DATA})`,
    );
    const hf = JSON.parse(String(pairs.find(({ k }) => k === 'huggingface')?.v));
    expect(hf.info.features['observation.images.front']).toEqual({ _type: 'Image' });
    expect(hf.info.features.action).toMatchObject({ _type: 'List' });
  });

  it('has statistics of each colour in 0 … 1, of shape [3, 1, 1]', async () => {
    const stats = JSON.parse(await readFile(join(dataset.directory, 'meta/stats.json'), 'utf8'));
    const { mean, min, max, count } = stats['observation.images.front'];
    expect(count).toEqual([episode.length]);
    expect(mean).toHaveLength(3);
    for (const k of [0, 1, 2]) {
      expect(mean[k][0][0]).toBeGreaterThan(min[k][0][0]);
      expect(max[k][0][0]).toBeLessThanOrEqual(1);
    }
    const [{ m }] = await query(
      `SELECT "stats/observation.images.front/mean" m FROM '$ROOT/meta/episodes/*/*.parquet'`,
    );
    expect(m).toEqual(mean);
  });

  it('opens again with the same episodes, and grows', async () => {
    const again = await store.open('seen');
    expect(again.info).toMatchObject({ camera: SIZE, episodes: 1 });
    expect(await again.readAll()).toEqual([episode]);
    const copy = await store.derive('seen', 'copy', (episodes) => [...episodes, ...episodes]);
    expect(copy.info).toMatchObject({ camera: SIZE, episodes: 2 });
  });

  it('is another dataset than one without', async () => {
    const plain = await store.create('plain', { ...KIND, camera: null });
    await plain.append([episode]);
    expect(plain.hash).not.toBe(dataset.hash);
    expect(plain.info.camera).toBeNull();
  });
});
