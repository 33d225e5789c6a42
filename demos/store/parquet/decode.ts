import { type FileMetaData, parquetMetadata, parquetRead } from 'hyparquet';
import { DatasetError, damaged } from '../errors.ts';
import { type ColumnSpec, schemaOf } from './column.ts';

export interface Table {
  readonly rows: number;
  /** One value a row: number, bigint, boolean, string, null, or an array of these. */
  readonly columns: ReadonlyMap<string, readonly unknown[]>;
  /** The file's key-value pairs. */
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads a Parquet file that should have exactly these columns, or those of one of several versions, of which the
 * number of columns tells.
 *
 * @param path for messages
 * @throws DatasetError 'damaged' for whatever else it is
 */
export async function decodeParquet(
  path: string,
  bytes: Uint8Array,
  ...[first, ...others]: readonly [readonly ColumnSpec[], ...(readonly ColumnSpec[])[]]
): Promise<Table> {
  // The reader wants a buffer of its own; Node's may be a window into a shared one.
  const buffer = new Uint8Array(bytes).buffer;
  try {
    const file = parquetMetadata(buffer);
    const specs = others.find(({ length }) => length === file.schema[0].num_children) ?? first;
    checkSchema(path, file, specs);
    // Pictures are not read: they follow from the other columns.
    const names = specs.flatMap(({ name, type }) => (type === 'image' ? [] : [name]));
    const columns = new Map<string, unknown[]>(names.map((name) => [name, []]));
    await parquetRead({
      file: { byteLength: buffer.byteLength, slice: (from, to) => buffer.slice(from, to) },
      metadata: file,
      columns: names,
      onChunk({ columnName, columnData }) {
        const column = columns.get(columnName);
        for (const value of columnData) column?.push(value);
      },
    });
    const rows = Number(file.num_rows);
    for (const [name, { length }] of columns) {
      if (length !== rows) throw damaged(path, `${rows} rows of ${name}`, `${length}`);
    }
    const pairs = file.key_value_metadata ?? [];
    return { rows, columns, metadata: new Map(pairs.map(({ key, value = '' }) => [key, value])) };
  } catch (error) {
    // What the reader throws is plain errors, and whatever its own mistakes throw.
    if (error instanceof DatasetError) throw error;
    throw damaged(path, 'a Parquet file', error instanceof Error ? error.message : 'none', error);
  }
}

function checkSchema(path: string, { schema }: FileMetaData, specs: readonly ColumnSpec[]): void {
  const describe = (elements: typeof schema) =>
    elements.map(({ name, type = 'group', repetition_type, num_children = 0 }) =>
      [name, type, repetition_type, num_children].join(' '),
    );
  const expected = describe(schemaOf(specs));
  const got = describe(schema);
  for (let i = 0; i < Math.max(expected.length, got.length); i++) {
    if (got[i] === expected[i]) continue;
    const element = (text: string | undefined) => (text ? `"${text}"` : 'nothing');
    throw damaged(path, `schema element ${i} to be ${element(expected[i])}`, element(got[i]));
  }
}
