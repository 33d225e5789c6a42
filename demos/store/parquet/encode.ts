import type { DecodedArray, KeyValue } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { type ColumnSpec, schemaOf } from './column.ts';

/** A column with its values; rows of a list column are real arrays, int64 values are bigints. */
export interface Column extends ColumnSpec {
  readonly data: DecodedArray;
}

/**
 * A whole Parquet file of one row group, SNAPPY. Equal input gives equal bytes.
 *
 * @param columns  at least one, all of equal length
 * @param metadata the file's key-value pairs
 */
export function encodeParquet(
  columns: readonly Column[],
  metadata: readonly KeyValue[] = [],
): Uint8Array {
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: schemaOf(columns),
    codec: 'SNAPPY',
    kvMetadata: [...metadata],
    createdBy: 'forking-paths',
  });
  const columnData = columns.map(({ name, type, data }) => ({
    name,
    data,
    // The writer's dictionaries take −0 for 0.
    ...(type.startsWith('float') && { encoding: 'PLAIN' as const }),
  }));
  // Only a writer with something to flush gives promises.
  void parquet.write({ columnData, rowGroupSize: Math.max(1, columns[0].data.length) });
  void parquet.finish();
  return writer.getBytes();
}
