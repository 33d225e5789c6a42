import { expect, it } from 'vitest';
import { decodeEpisode, encodeEpisode } from '../../../demos/store/episode-file.ts';
import { DatasetError } from '../../../demos/store/errors.ts';
import { encodeFacts } from '../../../demos/store/facts.ts';
import { type Feature, featuresOf, framesOf } from '../../../demos/store/features.ts';
import { type Column, encodeParquet } from '../../../demos/store/parquet/encode.ts';
import { synthetic, task } from './support.ts';

const POSITION = { episode: 4, firstFrame: 30 };
const PATH = 'data/chunk-000/file-004.parquet';
const base = synthetic(1);

/** The columns of a data file, to be tampered with. */
function columns(): Column[] {
  const frames = framesOf(base, POSITION);
  return featuresOf(task).map(({ name, dtype, width }: Feature): Column => {
    const values = Array.from(frames[name]);
    if (width > 1) {
      const rows = Array.from({ length: base.length }, (_, i) =>
        values.slice(i * width, (i + 1) * width),
      );
      return { name, type: 'float32', lists: 1, data: rows };
    }
    if (dtype === 'int64') return { name, type: dtype, data: values.map(BigInt) };
    return { name, type: dtype, data: dtype === 'bool' ? values.map(Boolean) : values };
  });
}

const FACTS = `{"format":1,"episode":${encodeFacts(base)}}`;

function decode(tampered: readonly Column[], facts: string | null = FACTS) {
  const metadata = facts === null ? [] : [{ key: 'forking_paths', value: facts }];
  return decodeEpisode(PATH, encodeParquet(tampered, metadata), task, POSITION);
}

/** The columns with one replaced, or left out for null. */
function replace(name: string, change: (column: Column) => Column | null): Column[] {
  return columns().flatMap((column) => (column.name === name ? (change(column) ?? []) : [column]));
}

const rowsOf = ({ data }: Column) => Array.from(data as number[][], (row) => [...row]);

function withRow(name: string, index: number, row: unknown): Column[] {
  return replace(name, (column) => {
    const data: unknown[] = rowsOf(column);
    data[index] = row;
    return { ...column, data };
  });
}

it('reads what it wrote', async () => {
  const bytes = encodeEpisode(task, base, POSITION);
  expect(await decodeEpisode(PATH, bytes, task, POSITION)).toStrictEqual(base);
  expect(await decode(columns())).toStrictEqual(base);
});

it('writes the same bytes for the same episode', () => {
  const bytes = encodeEpisode(task, base, POSITION);
  expect(encodeEpisode(task, base, POSITION)).toEqual(bytes);
});

const EIGHT = [0, 0, 0, 0, 0, 0, 0, 0];

it.each<[string, RegExp, () => Column[]]>([
  ['a missing column', /schema element/, () => replace('action', () => null)],
  ['a column of another name', /schema/, () => replace('action', (c) => ({ ...c, name: 'act' }))],
  [
    'a column of another type',
    /schema/,
    () => replace('action', (c) => ({ ...c, type: 'float64' })),
  ],
  [
    'one more column',
    /schema/,
    () => [...columns(), { name: 'x', type: 'bool', data: Array(base.length).fill(true) }],
  ],
  [
    'a list that is too short',
    /action of frame 2 to be 8/,
    () => withRow('action', 2, EIGHT.slice(1)),
  ],
  [
    'a list that is too long',
    /action of frame 2 to be 8/,
    () => withRow('action', 2, [...EIGHT, 0]),
  ],
  ['an empty list', /sim.command of frame 0/, () => withRow('sim.command', 0, [])],
  ['a missing list', /observation.state of frame 1/, () => withRow('observation.state', 1, null)],
  [
    'NaN in action',
    /action of frame 3.*NaN/,
    () => withRow('action', 3, EIGHT.with(5, Number.NaN)),
  ],
  ['Infinity in action', /action of frame 3/, () => withRow('action', 3, EIGHT.with(0, Infinity))],
  ['null in action', /action of frame 3/, () => withRow('action', 3, [null, 0, 0, 0, 0, 0, 0, 0])],
  [
    'the times of another rate',
    /timestamp of frame 1/,
    () => replace('timestamp', (c) => ({ ...c, data: Array.from(c.data, (t) => t * 2) })),
  ],
  [
    'the number of another episode',
    /episode_index/,
    () => replace('episode_index', (c) => ({ ...c, data: Array(base.length).fill(5n) })),
  ],
  [
    'a missing number',
    /frame_index of frame 0/,
    () => replace('frame_index', (c) => ({ ...c, data: [null, ...Array.from(c.data).slice(1)] })),
  ],
  [
    'a wrong success',
    /next.success/,
    () => replace('next.success', (c) => ({ ...c, data: Array(base.length).fill(false) })),
  ],
])('refuses %s', async (_, message, tamper) => {
  const error: unknown = await decode(tamper()).catch((reason) => reason);
  expect(error).toBeInstanceOf(DatasetError);
  expect(error).toMatchObject({ code: 'damaged', message: expect.stringMatching(message) });
  expect(error).toMatchObject({ message: expect.stringContaining(PATH) });
});

const edited = (change: (episode: Record<string, unknown>) => void): string => {
  const facts = JSON.parse(FACTS);
  change(facts.episode);
  return JSON.stringify(facts);
};

it.each<[string, string | null, RegExp]>([
  ['no facts', null, /metadata/],
  ['facts that are no JSON', '{"format":1', /JSON/],
  ['facts of another format', FACTS.replace('"format":1', '"format":2'), /format/],
  ['a __proto__ key', FACTS.replace('"task"', '"__proto__":{"mode":"left"},"task"'), /__proto__/],
  ['an unknown key', FACTS.replace('"task"', '"extra":1,"task"'), /extra/],
  ['a missing fact', edited((facts) => delete facts.replayHash), /replayHash/],
  ['a source of no kind', edited((facts) => Object.assign(facts, { source: 'dream' })), /source/],
  [
    'another length',
    edited((facts) => Object.assign(facts, { length: base.length + 1 })),
    /frames/,
  ],
  ['a length beyond memory', edited((facts) => Object.assign(facts, { length: 1e15 })), /length/],
  [
    'a start that is not finite',
    FACTS.replace(/"gripperOpening":[^,]*/, '"gripperOpening":1e999'),
    /gripperOpening/,
  ],
])('refuses %s, by name', async (_, facts, message) => {
  await expect(decode(columns(), facts)).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringMatching(message),
  });
});
