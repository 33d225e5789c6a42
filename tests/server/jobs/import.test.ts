import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { describe, expect, it, vi } from 'vitest';
import { bringIn } from '../../../server/jobs/import.ts';
import type { ImportProgress } from '../../../server/protocol/datasets.ts';
import { unpackFixture } from '../../support/lerobot-fixtures.ts';
import { childrenOf } from '../../support/processes.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

vi.setConfig({ testTimeout: 120_000 });

/** A literal of −5 bytes, which begins with itself: a reader that believes it never gets past it. */
const ENDLESS = [0xfc, 0xfa, 0xff, 0xff, 0xff];

/** A Parquet file whose only page unpacks for ever. */
function endlessFile(): Uint8Array {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'schema', num_children: 1 },
      { name: 'episode_index', type: 'INT64', repetition_type: 'REQUIRED' },
    ],
    codec: 'SNAPPY',
    compressors: { SNAPPY: ({ length }) => Uint8Array.of(length & 0x7f, ...ENDLESS, 0, 0, 0, 0) },
  });
  void parquet.write({
    columnData: [
      { name: 'episode_index', data: BigInt64Array.from([0n, 1n, 2n]), encoding: 'PLAIN' },
    ],
  });
  void parquet.finish();
  return writer.getBytes();
}

describe('a dataset that is taken in by a process of its own', () => {
  it('is told of episode by episode', async () => {
    const { place, datasets } = await temporaryWorkspace();
    const told: ImportProgress[] = [];
    const request = { path: await unpackFixture('v3.0'), name: 'theirs' };
    const { dataset, notes } = await bringIn(place, request, {
      onProgress: (progress) => told.push(progress),
    });
    expect(told).toEqual([1, 2, 3, 4].map((done) => ({ done, total: 5 })));
    expect(notes).not.toEqual([]);
    expect((await datasets.open('theirs')).hash).toBe(dataset.hash);
  });

  it('is given up where it keeps its reader for ever, and leaves nothing', async () => {
    const { place, datasets } = await temporaryWorkspace();
    const path = await unpackFixture('v3.0');
    await writeFile(join(path, 'data', 'chunk-000', 'file-000.parquet'), endlessFile());
    const before = childrenOf(process.pid);
    const asked = bringIn(place, { path, name: 'theirs' }, { silentMs: 5000 });
    await expect(asked).rejects.toMatchObject({ name: 'ProtocolError', code: 'failed' });
    await expect(asked).rejects.toThrow(/import: expected progress, got none for 5 s/);
    expect(await datasets.list()).toEqual([]);
    await until(() => childrenOf(process.pid).length <= before.length, 'its process to end');
    // What it left aside goes with the next.
    await bringIn(place, { path: await unpackFixture('v2.1'), name: 'theirs' });
    expect(await readdir(join(datasets.root, '.staging'))).toEqual([]);
  });
});
