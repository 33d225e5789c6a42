import type { SchemaElement } from 'hyparquet';

export type ColumnType = 'float32' | 'float64' | 'int64' | 'bool' | 'string';

/** What a column of a Parquet file holds. All columns are optional, as pyarrow writes them. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** Each row holds a list of values. @default false */
  readonly list?: boolean;
}

const PHYSICAL = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  int64: 'INT64',
  bool: 'BOOLEAN',
  string: 'BYTE_ARRAY',
} as const;

/** The file's schema: a flat row of scalars and three-level lists. */
export function schemaOf(columns: readonly ColumnSpec[]): SchemaElement[] {
  return [
    { name: 'schema', num_children: columns.length, repetition_type: 'REQUIRED' },
    ...columns.flatMap((column) =>
      column.list ? listOf(column) : [leaf(column.name, column.type)],
    ),
  ];
}

function leaf(name: string, type: ColumnType): SchemaElement {
  return {
    name,
    type: PHYSICAL[type],
    repetition_type: 'OPTIONAL',
    ...(type === 'string' && { converted_type: 'UTF8', logical_type: { type: 'STRING' } }),
  };
}

function listOf({ name, type }: ColumnSpec): SchemaElement[] {
  return [
    {
      name,
      repetition_type: 'OPTIONAL',
      num_children: 1,
      converted_type: 'LIST',
      logical_type: { type: 'LIST' },
    },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    leaf('element', type),
  ];
}
