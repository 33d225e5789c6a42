import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { readZip } from '../../demos/archive/zip.ts';
import { temporaryDirectory } from './temporary.ts';

/** Datasets that LeRobot's own writer and tools made; `make.py` beside them says how. */
export type FixtureName = 'v3.0' | 'v2.1' | 'edited';

export function fixtureArchive(name: FixtureName): string {
  return fileURLToPath(new URL(`../fixtures/lerobot/${name}.zip`, import.meta.url));
}

/** A copy of one that may be changed. */
export async function unpackFixture(name: FixtureName): Promise<string> {
  const root = await temporaryDirectory();
  const limits = { entries: 99, entryBytes: 2 ** 20, bytes: 2 ** 22 };
  for await (const { path, content } of readZip(fixtureArchive(name), limits)) {
    const file = join(root, ...path.split('/'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return join(root, name);
}

/** Changes a JSON file. */
export async function changeJson<T>(path: string, change: (json: T) => unknown): Promise<void> {
  const json = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify(change(json) ?? json));
}

/** Writes what DuckDB selects FROM the rows of a Parquet file in its place. */
export async function changeRows(path: string, select: string): Promise<void> {
  const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
  await duckdb.run(`CREATE TABLE rows AS FROM read_parquet('${path}')`);
  await duckdb.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  duckdb.closeSync();
}

const REST = [0, 0.3, 0, -2.0, 0, 2.2, 0.7, 0.05];

/** Frames of the fixtures' episodes, as `make.py` has them. */
export const LENGTHS = [6, 4, 1, 5, 3] as const;

/** What `make.py` wrote of one of them, f32. */
export function fixtureColumns(episode: number) {
  const rows = (of: (frame: number) => number[]) =>
    Float32Array.from(Array.from({ length: LENGTHS[episode] }, (_, i) => of(i)).flat());
  const state = (i: number) => REST.map((value) => value + 0.01 * episode + 0.001 * i);
  return {
    state: rows(state),
    environment: rows((i) => [0.68, 0.01 * episode, 0.03, 0.4 + 0.01 * i, 0, 0.3]),
    action: rows((i) => state(i).map((value) => value + 0.002)),
  };
}
