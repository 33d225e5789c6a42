import type { DecodedArray } from 'hyparquet';
import { explainIssues } from '../../policies/config/index.ts';
import type { Task, Vec3 } from '../../sim/index.ts';
import { damaged } from './errors.ts';
import { type Extras, NO_EXTRAS } from './extras.ts';
import { factsSchema } from './facts.ts';
import { type Feature, measuredFeatures } from './features.ts';
import { instructionOf } from './instructions.ts';
import { dataFile } from './layout.ts';
import type { ColumnSpec } from './parquet/column.ts';
import { decodeParquet, type Table } from './parquet/decode.ts';
import { encodeParquet } from './parquet/encode.ts';
import type { EpisodeRecord } from './record.ts';
import { type FeatureStatistics, perChannel, VECTOR_STATISTICS } from './statistics.ts';

/** A row of the index together with what follows from the rows before it. */
interface Row extends EpisodeRecord {
  readonly episode: number;
  readonly from: number;
  readonly task: Task;
}

interface IndexColumn extends ColumnSpec {
  readonly value: (row: Row) => unknown;
}

const int = (name: string, value: (row: Row) => number | null): IndexColumn => ({
  name,
  type: 'int64',
  value: (row) => {
    const number = value(row);
    return number === null ? null : BigInt(number);
  },
});
const text = (name: string, value: (row: Row) => string | null): IndexColumn => ({
  name,
  type: 'string',
  value,
});
const truth = (name: string, value: (row: Row) => boolean): IndexColumn => ({
  name,
  type: 'bool',
  value,
});
const doubles = (name: string, value: (row: Row) => readonly number[]): IndexColumn => ({
  name,
  type: 'float64',
  lists: 1,
  value,
});

/** What LeRobot asks for; then, under `sim.`, what else is known of an episode. */
const COLUMNS: readonly IndexColumn[] = [
  int('episode_index', ({ episode }) => episode),
  {
    name: 'tasks',
    type: 'string',
    lists: 1,
    value: ({ task, facts }) => [instructionOf(task, facts)],
  },
  int('length', ({ facts }) => facts.length),
  int('data/chunk_index', ({ episode }) => dataFile(episode).chunk),
  int('data/file_index', ({ episode }) => dataFile(episode).file),
  int('dataset_from_index', ({ from }) => from),
  int('dataset_to_index', ({ from, facts }) => from + facts.length),
  int('meta/episodes/chunk_index', () => 0),
  int('meta/episodes/file_index', () => 0),
  text('sim.task', ({ facts }) => facts.task),
  text('sim.mode', ({ facts }) => facts.mode),
  text('sim.source', ({ facts }) => facts.source),
  int('sim.seed', ({ facts }) => facts.seed),
  int('sim.control_hz', ({ facts }) => facts.controlHz),
  truth('sim.success', ({ facts }) => facts.success),
  truth('sim.contact', ({ facts }) => facts.contact),
  text('sim.replay_hash', ({ facts }) => facts.replayHash),
  text('sim.physics_package', ({ facts }) => facts.physics?.package ?? null),
  text('sim.physics_version', ({ facts }) => facts.physics?.version ?? null),
  doubles('sim.initial_joints', ({ facts }) => facts.initial.joints),
  {
    name: 'sim.initial_gripper_opening',
    type: 'float64',
    value: ({ facts }) => facts.initial.gripperOpening,
  },
  // x, y, z of each object in turn
  doubles('sim.initial_objects', ({ facts }) => facts.initial.objects.flat()),
  text('sim.sha256', ({ digest }) => digest),
  text('sim.file_sha256', ({ fileHash }) => fileHash),
];

function columnsOf(task: Task, extras: Extras): IndexColumn[] {
  const statistics = measuredFeatures(task, extras).flatMap(({ name, dtype }) => [
    ...VECTOR_STATISTICS.map((key) => {
      const column = doubles(`stats/${name}/${key}`, (row) => row.statistics[name][key]);
      if (dtype !== 'image') return column;
      return { ...column, lists: 3, value: (row: Row) => perChannel(row.statistics[name][key]) };
    }),
    {
      name: `stats/${name}/count`,
      type: 'int64' as const,
      lists: 1,
      value: (row: Row) => [BigInt(row.statistics[name].count)],
    },
  ]);
  return [...COLUMNS, ...statistics];
}

/** `meta/episodes`: a row an episode. @cost 1 ms an episode */
export function encodeEpisodes(
  task: Task,
  records: readonly EpisodeRecord[],
  extras: Extras = NO_EXTRAS,
): Uint8Array {
  let from = 0;
  const rows = records.map((record, episode): Row => {
    const row = { ...record, episode, from, task };
    from += record.facts.length;
    return row;
  });
  const columns = columnsOf(task, extras).map(({ value, ...spec }) => {
    const data: DecodedArray = rows.map(value);
    return { ...spec, data };
  });
  return encodeParquet(columns);
}

/**
 * @param path for messages
 * @throws DatasetError 'damaged'
 */
export async function decodeEpisodes(
  path: string,
  bytes: Uint8Array,
  task: Task,
  extras: Extras = NO_EXTRAS,
): Promise<EpisodeRecord[]> {
  const table = await decodeParquet(path, bytes, columnsOf(task, extras));
  const kind = { task, features: measuredFeatures(task, extras) };
  return Array.from({ length: table.rows }, (_, i) => decodeRow(path, table, kind, i));
}

function decodeRow(
  path: string,
  { columns }: Table,
  { task, features }: { task: Task; features: readonly Feature[] },
  i: number,
): EpisodeRecord {
  const cell = (name: string): unknown => {
    const value = columns.get(name)?.[i];
    return typeof value === 'bigint' ? Number(value) : value;
  };
  // Statistics of pictures are lists of lists.
  const list = (name: string) => (cell(name) as readonly unknown[]).flat(2).map(Number);
  const objects = list('sim.initial_objects');
  const [instruction] = cell('tasks') as readonly unknown[];
  const { data: facts, error } = factsSchema.safeParse({
    task: cell('sim.task'),
    mode: cell('sim.mode') ?? null,
    source: cell('sim.source'),
    seed: cell('sim.seed') ?? null,
    controlHz: cell('sim.control_hz'),
    initial: {
      joints: list('sim.initial_joints'),
      gripperOpening: cell('sim.initial_gripper_opening'),
      objects: Array.from({ length: objects.length / 3 }, (_, k): Vec3 => {
        const [x, y, z] = objects.slice(3 * k);
        return [x, y, z];
      }),
      ...(task.language && { instruction }),
    },
    success: cell('sim.success'),
    contact: cell('sim.contact'),
    length: cell('length'),
    replayHash: cell('sim.replay_hash') ?? null,
    physics:
      cell('sim.physics_package') == null
        ? null
        : { package: cell('sim.physics_package'), version: cell('sim.physics_version') },
  });
  if (!facts) throw damaged(path, `the facts of episode ${i}`, explainIssues(error));
  const statistics = features.map(({ name }): [string, FeatureStatistics] => {
    const vectors = VECTOR_STATISTICS.map((key) => [key, list(`stats/${name}/${key}`)] as const);
    const [count] = list(`stats/${name}/count`);
    return [name, { count, ...Object.fromEntries(vectors) } as FeatureStatistics];
  });
  return {
    facts,
    digest: String(cell('sim.sha256')),
    fileHash: String(cell('sim.file_sha256')),
    statistics: Object.fromEntries(statistics),
  };
}
