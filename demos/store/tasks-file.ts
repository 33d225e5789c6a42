import { encodeParquet } from './parquet/encode.ts';

/** `meta/tasks.parquet`: the instructions, numbered. */
export function encodeTasks(instructions: readonly string[]): Uint8Array {
  return encodeParquet(
    [
      {
        name: 'task_index',
        type: 'int64',
        data: BigInt64Array.from(instructions, (_, i) => BigInt(i)),
      },
      { name: 'task', type: 'string', data: [...instructions] },
    ],
    [{ key: 'pandas', value: JSON.stringify(PANDAS) }],
  );
}

const column = (name: string, pandasType: string, numpyType: string) => ({
  name,
  field_name: name,
  pandas_type: pandasType,
  numpy_type: numpyType,
  metadata: null,
});

/** LeRobot looks instructions up in the table's pandas index; this says that `task` is it. */
const PANDAS = {
  index_columns: ['task'],
  column_indexes: [
    {
      name: null,
      field_name: null,
      pandas_type: 'unicode',
      numpy_type: 'object',
      metadata: { encoding: 'UTF-8' },
    },
  ],
  columns: [column('task_index', 'int64', 'int64'), column('task', 'unicode', 'object')],
  attributes: {},
  creator: { library: 'forking-paths', version: '1' },
  pandas_version: '2.2.0',
};
