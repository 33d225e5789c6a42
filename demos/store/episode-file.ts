import type { KeyValue } from 'hyparquet';
import { ACTION_DIM, STATE_DIM, type Task } from '../../sim/index.ts';
import type { Demonstration } from '../demonstration.ts';
import { encodeEnvelope, parseEnvelope } from './envelope.ts';
import { damaged } from './errors.ts';
import { type Extras, NO_EXTRAS } from './extras.ts';
import {
  COMMAND,
  type EpisodePosition,
  FACTS,
  type Feature,
  featuresOf,
  framesOf,
  INTERVENTION,
} from './features.ts';
import { featureMetadata } from './parquet/arrow-schema.ts';
import type { ColumnSpec } from './parquet/column.ts';
import { decodeParquet, type Table } from './parquet/decode.ts';
import { type Column, encodeParquet } from './parquet/encode.ts';
import { pictureRows } from './pictures.ts';

/** Key of a data file's metadata under which an episode's facts stand, as JSON. */
const FACTS_KEY = 'forking_paths';

/** An episode as a Parquet file: a row a frame, one row group, its facts in the metadata. */
export function encodeEpisode(
  task: Task,
  demonstration: Demonstration,
  position: EpisodePosition,
  extras: Extras = NO_EXTRAS,
): Uint8Array {
  const features = featuresOf(task, extras);
  const frames = framesOf(demonstration, position);
  const facts = encodeEnvelope(demonstration);
  return encodeParquet(
    features.map((feature): Column => {
      const { dtype, name, width } = feature;
      if (dtype === 'image') return { ...toSpec(feature), data: pictureRows(demonstration, width) };
      if (dtype !== 'string') return toColumn(feature, frames[name]);
      return { ...toSpec(feature), data: Array<string>(demonstration.length).fill(facts) };
    }),
    [...describeFeatures(task, extras), { key: FACTS_KEY, value: facts }],
  );
}

/**
 * @param path     for messages
 * @param position where in the dataset the episode should stand
 * @throws DatasetError 'damaged' where the file is not exactly what `encodeEpisode` could write;
 *         pictures, which follow from the frames, are left unread
 */
export async function decodeEpisode(
  path: string,
  bytes: Uint8Array,
  task: Task,
  position: EpisodePosition,
  extras: Extras = NO_EXTRAS,
): Promise<Demonstration> {
  const features = featuresOf(task, extras);
  const table = await decodeParquet(path, bytes, features.map(toSpec));
  const facts = decodeFacts(path, table);
  if (facts.length !== table.rows) throw damaged(path, `${facts.length} frames`, `${table.rows}`);
  const read = (name: string, width: number) => toFloats(path, table, name, width);
  const intervention = flagsOf(table);
  const demonstration: Demonstration = {
    ...facts,
    state: read('observation.state', STATE_DIM),
    environment: read('observation.environment_state', task.environmentNames.length),
    action: read('action', ACTION_DIM),
    command: read(COMMAND, ACTION_DIM),
    ...(intervention && { intervention }),
  };
  const carried = encodeEnvelope(demonstration);
  table.columns.get(FACTS)?.forEach((text, i) => {
    if (text !== carried) throw damaged(path, `${FACTS} of frame ${i} as the metadata`, 'another');
  });
  // The other columns follow from these.
  const frames = framesOf(demonstration, position);
  for (const { name, width, dtype } of features) {
    if (width > 1 || dtype === 'string') continue;
    table.columns.get(name)?.forEach((value, i) => {
      const expected = frames[name][i];
      if (Number(value) === expected && value !== null) return;
      throw damaged(path, `${name} of frame ${i} to be ${expected}`, String(value));
    });
  }
  return demonstration;
}

function decodeFacts(path: string, { metadata }: Table) {
  const text = metadata.get(FACTS_KEY);
  if (text === undefined) throw damaged(path, `metadata "${FACTS_KEY}"`, 'none');
  const facts = parseEnvelope(text);
  if (!facts) throw damaged(path, `metadata "${FACTS_KEY}" of an episode`, 'another text');
  return facts;
}

function toSpec({ name, dtype, width }: Feature): ColumnSpec {
  return { name, type: dtype, lists: width > 1 && dtype !== 'image' ? 1 : 0 };
}

function toColumn(feature: Feature, flat: ArrayLike<number>): Column {
  const spec = toSpec(feature);
  if (feature.width > 1) return { ...spec, data: toRows(flat, feature.width) };
  const values = Array.from(flat);
  if (feature.dtype === 'int64') return { ...spec, data: BigInt64Array.from(values, BigInt) };
  if (feature.dtype === 'bool') return { ...spec, data: values.map(Boolean) };
  return { ...spec, data: Float32Array.from(values) };
}

function toRows(flat: ArrayLike<number>, width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, row) =>
    Array.from({ length: width }, (_, i) => flat[row * width + i]),
  );
}

/** The flags of an episode that has any: those of one that a policy began. */
function flagsOf({ columns }: Table): Uint8Array | null {
  const column = columns.get(INTERVENTION);
  if (!column) return null;
  const flags = Uint8Array.from(column, (value) => Number(value === true));
  return flags.includes(1) ? flags : null;
}

/** A list column as [rows · width]. */
function toFloats(path: string, { rows, columns }: Table, name: string, width: number) {
  const flat = new Float32Array(rows * width);
  columns.get(name)?.forEach((row, i) => {
    if (!Array.isArray(row) || row.length !== width || !row.every(Number.isFinite)) {
      throw damaged(path, `${name} of frame ${i} to be ${width} finite numbers`, `[${row}]`);
    }
    flat.set(row, i * width);
  });
  return flat;
}

const described = new Map<string, KeyValue[]>();

/** The same for all files of a task, and slow to make. */
function describeFeatures(task: Task, extras: Extras): KeyValue[] {
  const key = `${task.name} ${extras.camera} ${extras.interventions} ${extras.facts}`;
  const known = described.get(key);
  if (known) return known;
  const pairs = featureMetadata(featuresOf(task, extras));
  described.set(key, pairs);
  return pairs;
}
