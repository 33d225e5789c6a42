/** Rollouts as rows of a table: what became of each, and what it takes to replay it. */
import { z } from 'zod';
import type { ColumnSpec } from '../../demos/store/parquet/column.ts';
import type { Column } from '../../demos/store/parquet/encode.ts';
import { explainIssues } from '../../policies/config/index.ts';
import { startSeed } from '../../sim/index.ts';
import type { GridResult } from '../evaluation/evaluate.ts';

const count = z.bigint().min(0n).max(BigInt(Number.MAX_SAFE_INTEGER)).transform(Number);
const sum = z.number().min(0);
const word = z.string().max(200).nullable();

/** A column: what it holds of a rollout, and what it may say when it is read. */
interface RowColumn extends ColumnSpec {
  readonly of: (rollout: GridResult, seed: number) => unknown;
}

/** In the order of the file. */
const COLUMNS = [
  { name: 'start', type: 'int64', of: ({ start }) => BigInt(start) },
  { name: 'noise', type: 'int64', of: ({ noise }) => BigInt(noise) },
  /** Of the task's initial state. */
  {
    name: 'start_seed',
    type: 'int64',
    of: ({ start }, seed) => BigInt(startSeed('evaluation', seed, start)),
  },
  /** Of the noise of its chunks, each of which appends its number. */
  {
    name: 'noise_key',
    type: 'int64',
    lists: 1,
    of: ({ start, noise }, seed) => [seed, start, noise].map(BigInt),
  },
  { name: 'instruction', type: 'string', of: ({ instruction }) => instruction ?? null },
  { name: 'success', type: 'bool', of: ({ success }) => success },
  { name: 'contact', type: 'bool', of: ({ contact }) => contact },
  { name: 'mode', type: 'string', of: ({ mode }) => mode },
  { name: 'lifted', type: 'string', of: ({ lifted }) => lifted },
  { name: 'steps', type: 'int64', of: ({ steps }) => BigInt(steps) },
  { name: 'first_plan', type: 'string', of: ({ firstPlan }) => firstPlan },
  { name: 'plans', type: 'string', lists: 1, of: ({ plans }) => [...plans] },
  { name: 'switched', type: 'bool', of: ({ switched }) => switched },
  { name: 'seam_squares', type: 'float64', of: ({ seam }) => seam.squares },
  { name: 'seam_count', type: 'int64', of: ({ seam }) => BigInt(seam.count) },
  { name: 'motion_seams_squares', type: 'float64', of: ({ motion }) => motion.seams.squares },
  { name: 'motion_seams_count', type: 'int64', of: ({ motion }) => BigInt(motion.seams.count) },
  { name: 'motion_beside_squares', type: 'float64', of: ({ motion }) => motion.beside.squares },
  { name: 'motion_beside_count', type: 'int64', of: ({ motion }) => BigInt(motion.beside.count) },
  /** Why it had no plan to go on with, which ended it. */
  { name: 'failure', type: 'string', of: ({ failure }) => failure ?? null },
  { name: 'replay_hash', type: 'string', of: ({ replayHash }) => replayHash },
] as const satisfies readonly RowColumn[];

/** What a file of rollouts has for columns. */
export const ROLLOUT_COLUMNS: readonly ColumnSpec[] = COLUMNS.map(specOf);

const rowSchema = z
  .strictObject({
    start: count,
    noise: count,
    start_seed: count,
    noise_key: z.array(count).length(3),
    instruction: z.string().max(2000).nullable(),
    success: z.boolean(),
    contact: z.boolean(),
    mode: word,
    lifted: word,
    steps: count,
    first_plan: word,
    plans: z.array(word).max(100_000),
    switched: z.boolean(),
    seam_squares: sum,
    seam_count: count,
    motion_seams_squares: sum,
    motion_seams_count: count,
    motion_beside_squares: sum,
    motion_beside_count: count,
    failure: z.string().max(4000).nullable(),
    replay_hash: z.string().max(200),
  } satisfies Record<(typeof COLUMNS)[number]['name'], z.ZodType>)
  .transform(
    (row): GridResult => ({
      start: row.start,
      noise: row.noise,
      ...(row.instruction !== null && { instruction: row.instruction }),
      success: row.success,
      contact: row.contact,
      mode: row.mode,
      lifted: row.lifted,
      steps: row.steps,
      firstPlan: row.first_plan,
      plans: row.plans,
      switched: row.switched,
      seam: { squares: row.seam_squares, count: row.seam_count },
      motion: {
        seams: { squares: row.motion_seams_squares, count: row.motion_seams_count },
        beside: { squares: row.motion_beside_squares, count: row.motion_beside_count },
      },
      ...(row.failure !== null && { failure: row.failure }),
      replayHash: row.replay_hash,
    }),
  );

/** @param seed of starts and noise */
export function columnsOfRollouts(rollouts: readonly GridResult[], seed: number): Column[] {
  return COLUMNS.map((column: RowColumn) => ({
    ...specOf(column),
    data: rollouts.map((rollout) => column.of(rollout, seed)),
  }));
}

/**
 * @returns what is wrong with the first row that no rollout was written as, in a sentence, where there
 *          is one
 */
export function rolloutsOfColumns(
  columns: ReadonlyMap<string, readonly unknown[]>,
  rows: number,
): GridResult[] | string {
  const rollouts: GridResult[] = [];
  for (let i = 0; i < rows; i++) {
    const entries = COLUMNS.map(({ name }) => [name, columns.get(name)?.[i]]);
    const { data, error } = rowSchema.safeParse(Object.fromEntries(entries));
    if (!data) return `expected a rollout in row ${i}: ${explainIssues(error)}`;
    rollouts.push(data);
  }
  return rollouts;
}

function specOf({ name, type, lists }: RowColumn): ColumnSpec {
  return { name, type, ...(lists !== undefined && { lists }) };
}
