/**
 * What other programs find in a dataset, read by DuckDB: the format's rules as LeRobot's loader
 * applies them, with no code of ours between.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { RecordBatchReader } from 'apache-arrow';
import { beforeAll, describe, expect, it } from 'vitest';
import { DatasetStore } from '../../../demos/store/index.ts';
import { DATASET, synthetic, synthetics, temporaryDirectory } from './support.ts';

const COUNT = 3;
const JOINTS = [1, 2, 3, 4, 5, 6, 7].map((i) => `panda_joint${i}.pos`);
const NAMES = [...JOINTS, 'gripper.pos'];
const store = new DatasetStore(await temporaryDirectory());
const episodes = [synthetic(0, { seed: null, mode: null, success: true }), ...synthetics(2, 1)];
let root: string;
let duckdb: DuckDBConnection;

beforeAll(async () => {
  const dataset = await store.create('dataset', DATASET);
  await dataset.append(episodes.slice(0, 1));
  await dataset.append(episodes.slice(1));
  root = dataset.directory;
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
});

type Row = Record<string, unknown>;

async function query(sql: string): Promise<Row[]> {
  const reader = await duckdb.runAndReadAll(sql.replaceAll('$ROOT', root));
  return reader.getRowObjectsJS() as Row[];
}

const DATA = "'$ROOT/data/chunk-000/file-001.parquet'";
const EPISODES = "'$ROOT/meta/episodes/chunk-000/file-000.parquet'";
const TASKS = "'$ROOT/meta/tasks.parquet'";

async function keyValues(file: string): Promise<Record<string, string>> {
  const rows = await query(
    `SELECT decode(key) k, decode(value) v FROM parquet_kv_metadata(${file})`,
  );
  return Object.fromEntries(rows.map(({ k, v }) => [String(k), String(v)]));
}

async function typesOf(file: string): Promise<Record<string, unknown>> {
  const rows = await query(`DESCRIBE SELECT * FROM ${file}`);
  return Object.fromEntries(rows.map((row) => [String(row.column_name), row.column_type]));
}

const SCALARS = {
  'sim.episode': ['VARCHAR', 'string'],
  'next.success': ['BOOLEAN', 'bool'],
  'next.done': ['BOOLEAN', 'bool'],
  timestamp: ['FLOAT', 'float32'],
  frame_index: ['BIGINT', 'int64'],
  episode_index: ['BIGINT', 'int64'],
  index: ['BIGINT', 'int64'],
  task_index: ['BIGINT', 'int64'],
} as const;
/** Of text LeRobot keeps no statistics. */
const MEASURED = Object.keys(SCALARS).filter((name) => name !== 'sim.episode');
const ENVIRONMENT = ['ball.x', 'ball.y', 'ball.z', 'tcp.x', 'tcp.y', 'tcp.z'];
const VECTORS = {
  'observation.state': NAMES,
  'observation.environment_state': ENVIRONMENT,
  action: NAMES,
  'sim.command': NAMES,
} as const;

describe('a data file', () => {
  it('has the columns of the format, in their types', async () => {
    expect(await typesOf(DATA)).toEqual({
      ...Object.fromEntries(Object.keys(VECTORS).map((name) => [name, 'FLOAT[]'])),
      ...Object.fromEntries(Object.entries(SCALARS).map(([name, [type]]) => [name, type])),
    });
  });

  it('is optional throughout, in three-level lists, one row group, SNAPPY', async () => {
    const schema = await query(`SELECT * FROM parquet_schema(${DATA}) WHERE name <> 'schema'`);
    const repeated = schema.filter(({ name }) => name === 'list');
    expect(repeated.map((row) => row.repetition_type)).toEqual(Array(4).fill('REPEATED'));
    for (const row of schema.filter(({ name }) => name !== 'list')) {
      expect(row).toMatchObject({ repetition_type: 'OPTIONAL' });
    }
    for (const name of Object.keys(VECTORS)) {
      const column = schema.find((row) => row.name === name);
      expect(column).toMatchObject({ converted_type: 'LIST' });
    }
    const chunks = await query(`SELECT row_group_id, compression FROM parquet_metadata(${DATA})`);
    for (const chunk of chunks) {
      expect(chunk).toEqual({ row_group_id: 0n, compression: 'SNAPPY' });
    }
  });

  it('holds what was recorded', async () => {
    const rows = await query(`SELECT * FROM ${DATA} ORDER BY frame_index`);
    const { length, state, environment, action, command, success } = episodes[1];
    const column = (name: string) => rows.map((row) => row[name]);
    const flat = (name: string) => Float32Array.from(column(name).flat() as number[]);
    expect(rows).toHaveLength(length);
    expect(flat('observation.state')).toEqual(state);
    expect(flat('observation.environment_state')).toEqual(environment);
    expect(flat('action')).toEqual(action);
    expect(flat('sim.command')).toEqual(command);
    const frames = Array.from({ length }, (_, i) => i);
    expect(column('timestamp')).toEqual(frames.map((i) => Math.fround(i / 20)));
    expect(column('frame_index')).toEqual(frames.map(BigInt));
    expect(column('index')).toEqual(frames.map((i) => BigInt(episodes[0].length + i)));
    expect(new Set(column('episode_index'))).toEqual(new Set([1n]));
    expect(new Set(column('task_index'))).toEqual(new Set([0n]));
    expect(column('next.done')).toEqual(frames.map((i) => i === length - 1));
    expect(column('next.success')).toEqual(frames.map((i) => success && i === length - 1));
  });

  it('keeps the sign of zero and the smallest numbers', async () => {
    const dataset = await store.create('bits', DATASET);
    const action = Float32Array.of(
      -0,
      0,
      2 ** -149,
      -(2 ** -149),
      3.4028234663852886e38,
      0.1,
      -0,
      1,
    );
    await dataset.append([synthetic(1, { length: 1, action })]);
    const file = join(dataset.directory, 'data/chunk-000/file-000.parquet');
    const [row] = await query(`SELECT action FROM '${file}'`);
    // `toEqual` tells −0 from 0.
    expect(row.action).toEqual(Array.from(action));
  });

  it('tells pyarrow and datasets how long its lists are', async () => {
    const { huggingface, 'ARROW:schema': arrow } = await keyValues(DATA);
    const value = (dtype: string) => ({ dtype, _type: 'Value' });
    expect(JSON.parse(huggingface).info.features).toEqual({
      ...Object.fromEntries(
        Object.entries(VECTORS).map(([name, { length }]) => [
          name,
          { feature: value('float32'), length, _type: 'List' },
        ]),
      ),
      ...Object.fromEntries(Object.entries(SCALARS).map(([name, [, d]]) => [name, value(d)])),
    });
    const { schema } = RecordBatchReader.from(Buffer.from(arrow, 'base64')).open();
    expect(schema.metadata.get('huggingface')).toBe(huggingface);
    expect(schema.fields.map(({ name, type, nullable }) => [name, String(type), nullable])).toEqual(
      [
        ...Object.entries(VECTORS).map(([name, { length }]) => [
          name,
          `FixedSizeList[${length}]<Float32>`,
          true,
        ]),
        ...Object.entries(SCALARS).map(([name, [, dtype]]) => [
          name,
          { bool: 'Bool', float32: 'Float32', int64: 'Int64', string: 'Utf8' }[dtype],
          true,
        ]),
      ],
    );
  });

  it('says by itself where the episode comes from', async () => {
    const { forking_paths } = await keyValues(DATA);
    const { state, environment, action, command, ...facts } = episodes[1];
    expect(JSON.parse(forking_paths)).toEqual({ format: 1, episode: facts });
    const told = await query(`SELECT DISTINCT "sim.episode" told FROM ${DATA}`);
    expect(told).toEqual([{ told: forking_paths }]);
  });
});

describe('all data files together', () => {
  it('are one table, numbered through', async () => {
    const rows = await query(`
      SELECT episode_index, count(*) n, min("index") low, max("index") high
      FROM '$ROOT/data/*/*.parquet' GROUP BY 1 ORDER BY 1`);
    let from = 0;
    for (const [i, { length }] of episodes.entries()) {
      const high = BigInt(from + length - 1);
      expect(rows[i]).toEqual({
        episode_index: BigInt(i),
        n: BigInt(length),
        low: BigInt(from),
        high,
      });
      from += length;
    }
    expect(rows).toHaveLength(COUNT);
  });
});

describe('the index of episodes', () => {
  it('says which frames and files belong to an episode', async () => {
    const rows = await query(`SELECT * FROM ${EPISODES} ORDER BY episode_index`);
    let from = 0;
    for (const [i, { length }] of episodes.entries()) {
      expect(rows[i]).toMatchObject({
        episode_index: BigInt(i),
        tasks: ['Pick up the ball without touching the post.'],
        length: BigInt(length),
        'data/chunk_index': 0n,
        'data/file_index': BigInt(i),
        dataset_from_index: BigInt(from),
        dataset_to_index: BigInt(from + length),
        'meta/episodes/chunk_index': 0n,
        'meta/episodes/file_index': 0n,
      });
      from += length;
    }
  });

  it('can be asked for mode, seed, source and all else', async () => {
    const [first, second] = await query(`SELECT COLUMNS('sim\\..*') FROM ${EPISODES}`);
    expect(first).toMatchObject({ 'sim.mode': null, 'sim.seed': null, 'sim.success': true });
    const { initial, replayHash, physics } = episodes[1];
    expect(second).toMatchObject({
      'sim.task': 'left-right',
      'sim.mode': 'right',
      'sim.source': 'scripted',
      'sim.seed': 1n,
      'sim.control_hz': 20n,
      'sim.success': true,
      'sim.contact': false,
      'sim.replay_hash': replayHash,
      'sim.physics_package': physics?.package,
      'sim.physics_version': physics?.version,
      'sim.initial_joints': initial.joints,
      'sim.initial_gripper_opening': initial.gripperOpening,
      'sim.initial_objects': initial.objects.flat(),
    });
    const right = await query(`SELECT count(*) n FROM ${EPISODES} WHERE "sim.mode" = 'right'`);
    expect(right).toEqual([{ n: 1n }]);
  });

  it('hides only columns of statistics from LeRobot', async () => {
    const names = Object.keys(await typesOf(EPISODES));
    const features = [...Object.keys(VECTORS), ...MEASURED];
    const statistics = ['min', 'max', 'mean', 'std', 'count', 'q01', 'q10', 'q50', 'q90', 'q99'];
    const expected = features.flatMap((feature) =>
      statistics.map((statistic) => `stats/${feature}/${statistic}`),
    );
    expect(names.filter((name) => name.startsWith('stats/')).sort()).toEqual(expected.sort());
  });

  it.each([
    ['observation.state', 5],
    ['action', 0],
    ['timestamp', null],
    ['next.done', null],
  ] as const)('agrees with DuckDB about the statistics of %s', async (feature, component) => {
    const column = component === null ? `"${feature}"` : `"${feature}"[${component + 1}]`;
    const [expected] = await query(`
      SELECT min(x) "min", max(x) "max", avg(x) mean, stddev_pop(x) std,
        quantile_cont(x, 0.01) q01, quantile_cont(x, 0.1) q10, quantile_cont(x, 0.5) q50,
        quantile_cont(x, 0.9) q90, quantile_cont(x, 0.99) q99
      FROM (SELECT ${column}::DOUBLE x FROM ${DATA})`);
    const [row] = await query(
      `SELECT COLUMNS('stats/.*') FROM ${EPISODES} WHERE episode_index = 1`,
    );
    for (const [name, value] of Object.entries(expected)) {
      const got = row[`stats/${feature}/${name}`] as number[];
      expect(got[component ?? 0], name).toBeCloseTo(Number(value), 12);
    }
    expect(row[`stats/${feature}/count`]).toEqual([BigInt(episodes[1].length)]);
  });
});

describe('the other files', () => {
  it('describe the dataset', async () => {
    const info = JSON.parse(await readFile(join(root, 'meta/info.json'), 'utf8'));
    const frames = episodes.reduce((sum, { length }) => sum + length, 0);
    expect(info).toEqual({
      codebase_version: 'v3.0',
      robot_type: 'panda',
      total_episodes: COUNT,
      total_frames: frames,
      total_tasks: 1,
      chunks_size: 1000,
      data_files_size_in_mb: 100,
      video_files_size_in_mb: 200,
      fps: 20,
      splits: { train: `0:${COUNT}` },
      data_path: 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
      video_path: null,
      features: {
        ...Object.fromEntries(
          Object.entries(VECTORS).map(([name, names]) => [
            name,
            { dtype: 'float32', shape: [names.length], names },
          ]),
        ),
        ...Object.fromEntries(
          Object.entries(SCALARS).map(([name, [, dtype]]) => [
            name,
            { dtype, shape: [1], names: null },
          ]),
        ),
      },
      forking_paths: expect.objectContaining({ task: 'left-right' }),
    });
  });

  it('agree with DuckDB about the statistics of all frames', async () => {
    const stats = JSON.parse(await readFile(join(root, 'meta/stats.json'), 'utf8'));
    const [expected] = await query(`
      SELECT min(x) "min", max(x) "max", avg(x) mean, stddev_pop(x) std
      FROM (SELECT "sim.command"[8]::DOUBLE x FROM '$ROOT/data/*/*.parquet')`);
    for (const [name, value] of Object.entries(expected)) {
      expect(stats['sim.command'][name][7], name).toBeCloseTo(Number(value), 12);
    }
    const [{ n }] = await query(`SELECT count(*)::INT n FROM '$ROOT/data/*/*.parquet'`);
    expect(stats['sim.command'].count).toEqual([n]);
    for (const [name, { length }] of Object.entries(VECTORS)) {
      expect(stats[name].q50).toHaveLength(length);
    }
    expect(Object.keys(stats)).toEqual([...Object.keys(VECTORS), ...MEASURED]);
  });

  it('number the instruction, with pandas told to index by it', async () => {
    expect(await query(`SELECT * FROM ${TASKS}`)).toEqual([
      { task_index: 0n, task: 'Pick up the ball without touching the post.' },
    ]);
    const { pandas } = await keyValues(TASKS);
    expect(JSON.parse(pandas)).toMatchObject({ index_columns: ['task'] });
  });
});
