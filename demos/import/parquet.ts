/**
 * Parquet files that anyone may have written: read a column of a row group at a time, sizes looked at
 * before anything is unpacked. A file can still keep the reader busy for ever (a page of negative
 * size), so it is used in a process that is ended when it falls silent.
 */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type SchemaElement,
  type SchemaTree,
  snappyUncompress,
} from 'hyparquet';
import { openRegular, type RegularFile, readBytes } from '../files/index.ts';
import { DatasetError } from '../store/index.ts';
import { quoted, refusal } from './refusal.ts';

/** Bounds of one file: its bytes, its description, the rows of a group, a column of it unpacked. */
const MOST = {
  fileBytes: 4 * 2 ** 30,
  footerBytes: 64 * 2 ** 20,
  groupRows: 2_000_000,
  columnBytes: 512 * 2 ** 20,
} as const;

const TAIL = 12;
const RE_SAVE = 're-save the dataset, or leave the file out';

/** A top-level column of numbers, truth values or text. */
export interface ForeignColumn {
  readonly name: string;
  readonly kind: 'number' | 'truth' | 'text';
  /** Whether its numbers have more digits than f32 holds. */
  readonly wide: boolean;
}

const KINDS: Readonly<Record<string, ForeignColumn['kind']>> = {
  FLOAT: 'number',
  DOUBLE: 'number',
  INT32: 'number',
  INT64: 'number',
  BOOLEAN: 'truth',
  BYTE_ARRAY: 'text',
};

/** One open file. */
export class ForeignTable {
  /** Below the dataset's directory. */
  readonly path: string;
  /** Columns that can be read; those of structures and pictures are not among them. */
  readonly columns: ReadonlyMap<string, ForeignColumn>;
  /** Rows of each group, as the file says. */
  readonly groups: readonly number[];
  readonly #source: RegularFile;
  readonly #metadata: FileMetaData;

  private constructor(
    path: string,
    source: RegularFile,
    metadata: FileMetaData,
    columns: ReadonlyMap<string, ForeignColumn>,
  ) {
    this.path = path;
    this.#source = source;
    this.#metadata = metadata;
    this.groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
    this.columns = columns;
  }

  /**
   * @throws DatasetError 'damaged' for what is no Parquet file of bounded size
   * @throws FileError 'missing', 'not-regular', 'too-large'
   */
  static async open(root: string, path: string): Promise<ForeignTable> {
    const source = await openRegular(root, path, MOST.fileBytes);
    try {
      await checkFooter(path, source);
      const file = bufferOf(source);
      return await reading(path, async () => {
        const options = { geoparquet: false, initialFetchSize: 2 ** 16 };
        const metadata = await parquetMetadataAsync(file, options);
        return new ForeignTable(path, source, metadata, columnsOf(metadata));
      });
    } catch (error) {
      await source.file.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#source.file.close();
  }

  /**
   * A column of one group as numbers; truth values are 0 and 1.
   *
   * @param width numbers a row
   * @returns     [rows · width], all finite
   * @throws DatasetError 'damaged'
   */
  async numbers(group: number, name: string, width: number): Promise<Float64Array> {
    const rows = this.#rowsOf(group, name);
    const flat = new Float64Array(rows * width);
    let row = 0;
    await this.#read(group, name, (value) => {
      const values: readonly unknown[] = Array.isArray(value) ? value.flat(8) : [value];
      if (values.length !== width) {
        throw this.#bad(name, row, `${width} numbers`, `${values.length}`);
      }
      for (const [i, each] of values.entries()) {
        const number = each === null || each === undefined ? Number.NaN : Number(each);
        if (!Number.isFinite(number)) {
          throw this.#bad(name, row, 'finite numbers', quoted(String(each)));
        }
        flat[row * width + i] = number;
      }
      row++;
    });
    return flat;
  }

  /** A column of one group as text. @throws DatasetError 'damaged' */
  async texts(group: number, name: string): Promise<string[]> {
    const texts: string[] = [];
    await this.#read(group, name, (value) => {
      const text: unknown = Array.isArray(value) ? value[0] : value;
      if (typeof text !== 'string') throw this.#bad(name, texts.length, 'text', typeof text);
      texts.push(text);
    });
    return texts;
  }

  async #read(group: number, name: string, take: (value: unknown) => void): Promise<void> {
    const { row_groups: groups } = this.#metadata;
    const rows = this.#rowsOf(group, name);
    let seen = 0;
    // What is wrong with a value must not be lost among the reader's own errors.
    let wrong: unknown = null;
    await reading(this.path, async () => {
      await parquetRead({
        file: bufferOf(this.#source),
        // The others are not planned for.
        metadata: { ...this.#metadata, row_groups: [groups[group]], num_rows: BigInt(rows) },
        columns: [name],
        compressors: COMPRESSORS,
        onChunk({ columnData }) {
          if (wrong !== null) return;
          try {
            for (const value of columnData) {
              if (seen === rows) break;
              take(value);
              seen++;
            }
          } catch (error) {
            wrong = error;
          }
        },
      });
    });
    if (wrong !== null) throw wrong;
    if (seen !== rows) {
      throw this.#bad(name, seen, `${rows} rows in group ${group}`, `${seen}`);
    }
  }

  /** What a group claims to hold, where that is not too much. */
  #rowsOf(group: number, name: string): number {
    const rows = this.groups[group];
    if (!(rows >= 0 && rows <= MOST.groupRows)) {
      throw refusal(this.path, {
        expected: `at most ${MOST.groupRows} rows in a group`,
        got: `${rows}`,
        cure: 'split the dataset',
      });
    }
    for (const { meta_data: chunk } of this.#metadata.row_groups[group].columns) {
      if (chunk?.path_in_schema[0] !== name) continue;
      const bytes = Math.max(
        Number(chunk.total_compressed_size),
        Number(chunk.total_uncompressed_size),
      );
      if (bytes >= 0 && bytes <= MOST.columnBytes) continue;
      throw refusal(this.path, {
        expected: `at most ${MOST.columnBytes} bytes of ${quoted(name)} in a group`,
        got: `${bytes}`,
        cure: 'split the dataset',
      });
    }
    return rows;
  }

  #bad(name: string, row: number, expected: string, got: string): DatasetError {
    return refusal(this.path, {
      expected: `${expected} in ${quoted(name)}, row ${row}`,
      got,
      cure: RE_SAVE,
    });
  }
}

/** What a reader does with a file that is none throws whatever it likes. */
async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    const got = error instanceof Error ? error.message.slice(0, 200) : 'none';
    throw refusal(path, { expected: 'a Parquet file', got, cure: RE_SAVE }, 'damaged', error);
  }
}

function bufferOf({ file, size }: RegularFile) {
  return {
    byteLength: size,
    slice(from: number, to = size): Promise<ArrayBuffer> {
      const count = Math.min(to, size) - from;
      if (!(from >= 0 && count >= 0 && count <= MOST.columnBytes)) {
        throw new RangeError(`bytes ${from} to ${to} of ${size}`);
      }
      const read = readBytes(file, from, count).then((bytes) => new Uint8Array(bytes).buffer);
      // The reader asks ahead, and forgets what it asked for where its plan then fails.
      read.catch(() => {});
      return read;
    },
  };
}

/** The last bytes say how long the description before them is. */
async function checkFooter(path: string, { file, size }: RegularFile): Promise<void> {
  const tail = size < TAIL ? null : await readBytes(file, size - 8, 8);
  if (tail?.subarray(4).toString('latin1') !== 'PAR1') {
    throw refusal(path, { expected: 'a Parquet file', got: 'other bytes', cure: RE_SAVE });
  }
  const length = tail.readUInt32LE(0);
  const most = Math.min(size - TAIL, MOST.footerBytes);
  if (length <= most) return;
  const expected = `a description of at most ${most} bytes`;
  throw refusal(path, { expected, got: `${length}`, cure: RE_SAVE });
}

/** Top-level columns of one leaf: scalars, and lists of whatever depth. */
function columnsOf(metadata: FileMetaData): Map<string, ForeignColumn> {
  const columns = parquetSchema(metadata).children.flatMap((field): [string, ForeignColumn][] => {
    const { name } = field.element;
    const leaf = leafOf(field);
    const kind = leaf?.type && KINDS[leaf.type];
    return kind ? [[name, { name, kind, wide: leaf.type === 'DOUBLE' }]] : [];
  });
  return new Map(columns);
}

/** Null of a structure. */
function leafOf({ element, children }: SchemaTree): SchemaElement | null {
  if (children.length === 0) return element;
  return children.length === 1 ? leafOf(children[0]) : null;
}

const COMPRESSORS: Compressors = {
  SNAPPY: (input, length) => {
    checkPage(length);
    const output = new Uint8Array(length);
    snappyUncompress(input, output);
    return output;
  },
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: checkPage(length) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: checkPage(length) }),
};

/** @returns the length of a page, at least 1 */
function checkPage(length: number): number {
  if (length >= 0 && length <= MOST.columnBytes) return Math.max(1, length);
  throw new RangeError(`a page of ${length} bytes`);
}
