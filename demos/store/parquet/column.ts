import type { SchemaElement } from 'hyparquet';

export type ColumnType = 'float32' | 'float64' | 'int64' | 'bool' | 'string' | 'image';

/** What a column of a Parquet file holds. All columns are optional, as pyarrow writes them. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** Each row holds a list of values, or a list of lists, and so on: how many deep. @default 0 */
  readonly lists?: number;
}

const PHYSICAL = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  int64: 'INT64',
  bool: 'BOOLEAN',
  string: 'BYTE_ARRAY',
} as const satisfies Record<Exclude<ColumnType, 'image'>, string>;

/** The file's schema: a flat row of scalars, three-level lists, and pictures with their names. */
export function schemaOf(columns: readonly ColumnSpec[]): SchemaElement[] {
  return [
    { name: 'schema', num_children: columns.length, repetition_type: 'REQUIRED' },
    ...columns.flatMap(({ name, type, lists = 0 }) =>
      type === 'image' ? picture(name) : nested(name, type, lists),
    ),
  ];
}

function picture(name: string): SchemaElement[] {
  return [
    { name, repetition_type: 'OPTIONAL', num_children: 2 },
    { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    leaf('path', 'string'),
  ];
}

function leaf(name: string, type: keyof typeof PHYSICAL): SchemaElement {
  return {
    name,
    type: PHYSICAL[type],
    repetition_type: 'OPTIONAL',
    ...(type === 'string' && { converted_type: 'UTF8', logical_type: { type: 'STRING' } }),
  };
}

function nested(name: string, type: keyof typeof PHYSICAL, lists: number): SchemaElement[] {
  if (lists === 0) return [leaf(name, type)];
  return [
    {
      name,
      repetition_type: 'OPTIONAL',
      num_children: 1,
      converted_type: 'LIST',
      logical_type: { type: 'LIST' },
    },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...nested('element', type, lists - 1),
  ];
}
