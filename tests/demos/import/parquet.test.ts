/** Parquet files of another writer, DuckDB, read by a reader that trusts none of them. */
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { ForeignTable } from '../../../demos/import/parquet.ts';
import { unpackFixture } from '../../support/lerobot-fixtures.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

let duckdb: DuckDBConnection;
let root: string;

beforeAll(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  root = await temporaryDirectory();
});

async function write(name: string, select: string, options = ''): Promise<string> {
  await duckdb.run(`COPY (${select}) TO '${join(root, name)}' (FORMAT parquet${options})`);
  return name;
}

const ROWS = `SELECT i::BIGINT n, i / 7 x, [i::FLOAT, -i::FLOAT] pair, i % 2 = 0 even,
  'row ' || i said, {'a': i, 'b': i} AS nested FROM range(5000) t(i)`;

describe.each(['snappy', 'gzip', 'uncompressed', 'brotli'])('a file packed by %s', (codec) => {
  it('gives its numbers, truth values and texts, group by group', async () => {
    const options = `, COMPRESSION ${codec}, ROW_GROUP_SIZE 2048`;
    const table = await ForeignTable.open(root, await write(`${codec}.parquet`, ROWS, options));
    expect(table.groups).toEqual([2048, 2048, 904]);
    expect([...table.columns.keys()]).toEqual(['n', 'x', 'pair', 'even', 'said']);
    expect(table.columns.get('x')?.wide).toBe(true);
    const pairs = await table.numbers(1, 'pair', 2);
    expect([...pairs.subarray(0, 4)]).toEqual([2048, -2048, 2049, -2049]);
    expect((await table.numbers(2, 'n', 1))[903]).toBe(4999);
    expect([...(await table.numbers(0, 'even', 1)).subarray(0, 3)]).toEqual([1, 0, 1]);
    expect((await table.numbers(0, 'x', 1))[3]).toBe(3 / 7);
    expect((await table.texts(2, 'said'))[0]).toBe('row 4096');
    await table.close();
  });
});

describe('what is refused', () => {
  it.each([
    [
      'a missing number',
      'SELECT NULL::FLOAT x',
      'x',
      1,
      /finite numbers in "x", row 0, got "null"/,
    ],
    ['no number', "SELECT 'nan'::FLOAT x", 'x', 1, /finite numbers in "x", row 0, got "NaN"/],
    ['a list of another length', 'SELECT [1, 2] x', 'x', 3, /3 numbers in "x", row 0, got 2/],
    ['an empty list', 'SELECT []::FLOAT[] x', 'x', 3, /3 numbers in "x", row 0, got/],
    ['no list', 'SELECT NULL::FLOAT[] x', 'x', 3, /3 numbers in "x", row 0, got 1/],
  ] as const)('%s', async (_, select, name, width, message) => {
    const table = await ForeignTable.open(root, await write('bad.parquet', select));
    await expect(table.numbers(0, name, width)).rejects.toThrow(message);
    await table.close();
  });

  it.each([
    ['nothing', ''],
    ['other bytes', 'PAR1 and then nothing of the kind'],
    ['a description longer than the file', 'PAR1....\xff\xff\xff\x7fPAR1'],
    ['a description of noise', `PAR1${'\x15'.repeat(40)}\x28\0\0\0PAR1`],
  ])('%s', async (_, content) => {
    await writeFile(join(root, 'noise.parquet'), content, 'latin1');
    await expect(ForeignTable.open(root, 'noise.parquet')).rejects.toMatchObject({
      name: 'DatasetError',
      code: 'damaged',
    });
  });

  it('a link, also to a sound file', async () => {
    await write('sound.parquet', ROWS);
    await symlink(join(root, 'sound.parquet'), join(root, 'link.parquet'));
    await expect(ForeignTable.open(root, 'link.parquet')).rejects.toThrow(/symbolic link/);
  });

  it('columns that lie at no place, with nothing left unsaid to the process', async () => {
    const file = join(await unpackFixture('edited'), 'meta', 'tasks.parquet');
    const bytes = await readFile(file);
    bytes[589] ^= 188;
    bytes[626] ^= 48;
    bytes[1800] ^= 229;
    await writeFile(join(root, 'nowhere.parquet'), bytes);
    const table = await ForeignTable.open(root, 'nowhere.parquet');
    const text = [...table.columns.values()].find(({ kind }) => kind === 'text');
    await expect(table.texts(0, text?.name ?? '')).rejects.toMatchObject({ code: 'damaged' });
    await table.close();
  });

  it('a packing that this program does not know', async () => {
    const name = await write('zstd.parquet', ROWS, ', COMPRESSION zstd');
    const table = await ForeignTable.open(root, name);
    await expect(table.numbers(0, 'n', 1)).rejects.toThrow(/ZSTD/);
    await table.close();
  });
});

it('a group of more rows than there can be is refused before anything is made for them', async () => {
  const name = await write('lie.parquet', 'SELECT 1::BIGINT n');
  const file = join(root, name);
  const bytes = await readFile(file);
  // `num_rows` of the only group: field 3 of its structure, an i64 of one, zigzag. Two of the file's own.
  const at = bytes.lastIndexOf(Buffer.from([0x16, 0x02]));
  const footer = bytes.readUInt32LE(bytes.length - 8);
  const lie = Buffer.from([0x16, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]);
  const grown = Buffer.concat([bytes.subarray(0, at), lie, bytes.subarray(at + 2)]);
  grown.writeUInt32LE(footer + lie.length - 2, grown.length - 8);
  await writeFile(file, grown);
  const table = await ForeignTable.open(root, name);
  await expect(table.numbers(0, 'n', 1)).rejects.toThrow(/at most \d+ rows in a group, got \d{8,}/);
  await table.close();
});
