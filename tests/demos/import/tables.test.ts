/** Tables of a dataset's sentences, of anyone's size. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { readDescription } from '../../../demos/import/description.ts';
import { readWords } from '../../../demos/import/tables.ts';
import { unpackFixture } from '../../support/lerobot-fixtures.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

it('takes so many sentences and no more, however they are grouped', async () => {
  const description = await readDescription(await unpackFixture('v3.0'));
  const root = await temporaryDirectory();
  await mkdir(join(root, 'meta'));
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  const write = (count: number) =>
    duckdb.run(`COPY (SELECT i task_index, 'say ' || i AS task FROM range(${count}) t(i))
      TO '${join(root, 'meta', 'tasks.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 40960)`);
  await write(100_000);
  const words = await readWords(root, description);
  expect([words.size, words.get(99_999)]).toEqual([100_000, 'say 99999']);
  await write(100_001);
  await expect(readWords(root, description)).rejects.toThrow(/tasks\.parquet: expected at most/);
  duckdb.closeSync();
});
