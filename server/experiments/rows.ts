/** Rollouts as rows of a table: what became of each, and what it takes to replay it. */
import { z } from 'zod';
import type { ColumnSpec } from '../../demos/store/parquet/column.ts';
import type { Column } from '../../demos/store/parquet/encode.ts';
import { explainIssues } from '../../policies/config/index.ts';
import { startSeed } from '../../sim/index.ts';
import type { GridResult } from '../evaluation/evaluate.ts';

const count = z.bigint().min(0n).max(BigInt(Number.MAX_SAFE_INTEGER)).transform(Number);
const sum = z.number().min(0);
const metres = z.number().nullable();
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

/** Behind them, in files of this version; those of the ones before end there. */
const LATER_COLUMNS = [
  { name: 'jerk_sum', type: 'float64', of: ({ smoothness }) => smoothness?.jerk.sum },
  { name: 'jerk_max', type: 'float64', of: ({ smoothness }) => smoothness?.jerk.max },
  { name: 'jerk_count', type: 'int64', of: ({ smoothness }) => counted(smoothness?.jerk) },
  {
    name: 'seam_velocity_sum',
    type: 'float64',
    of: ({ smoothness }) => smoothness?.seamVelocity.sum,
  },
  {
    name: 'seam_velocity_max',
    type: 'float64',
    of: ({ smoothness }) => smoothness?.seamVelocity.max,
  },
  {
    name: 'seam_velocity_count',
    type: 'int64',
    of: ({ smoothness }) => counted(smoothness?.seamVelocity),
  },
  /** Whether the task has a line at which modes part, of which the two after it tell. */
  { name: 'has_offsets', type: 'bool', of: ({ offset }) => offset !== undefined },
  { name: 'plan_offset', type: 'float64', of: ({ offset }) => offset?.plan ?? null },
  { name: 'hand_offset', type: 'float64', of: ({ offset }) => offset?.hand ?? null },
] as const satisfies readonly RowColumn[];

function counted(peaks: { readonly count: number } | undefined): bigint | undefined {
  return peaks && BigInt(peaks.count);
}

const ALL_COLUMNS: readonly RowColumn[] = [...COLUMNS, ...LATER_COLUMNS];

/** What a file of rollouts may have for columns: that of this version, and those of the ones before. */
export const ROLLOUT_COLUMNS: readonly [readonly ColumnSpec[], readonly ColumnSpec[]] = [
  ALL_COLUMNS.map(specOf),
  COLUMNS.map(specOf),
];

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
    jerk_sum: sum.optional(),
    jerk_max: sum.optional(),
    jerk_count: count.optional(),
    seam_velocity_sum: sum.optional(),
    seam_velocity_max: sum.optional(),
    seam_velocity_count: count.optional(),
    has_offsets: z.boolean().optional(),
    plan_offset: metres.optional(),
    hand_offset: metres.optional(),
  } satisfies Record<
    (typeof COLUMNS)[number]['name'] | (typeof LATER_COLUMNS)[number]['name'],
    z.ZodType
  >)
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
      ...smoothnessOf(row),
      ...(row.has_offsets && {
        offset: { plan: row.plan_offset ?? null, hand: row.hand_offset ?? null },
      }),
      ...(row.failure !== null && { failure: row.failure }),
      replayHash: row.replay_hash,
    }),
  );

interface SmoothnessRow {
  readonly jerk_sum?: number | undefined;
  readonly jerk_max?: number | undefined;
  readonly jerk_count?: number | undefined;
  readonly seam_velocity_sum?: number | undefined;
  readonly seam_velocity_max?: number | undefined;
  readonly seam_velocity_count?: number | undefined;
}

/** Nothing where the file is of an earlier version. */
function smoothnessOf({
  jerk_count: jerks,
  jerk_sum,
  jerk_max,
  seam_velocity_count: seams,
  seam_velocity_sum,
  seam_velocity_max,
}: SmoothnessRow): Pick<GridResult, 'smoothness'> {
  if (jerks === undefined || seams === undefined) return {};
  return {
    smoothness: {
      jerk: { count: jerks, sum: jerk_sum ?? 0, max: jerk_max ?? 0 },
      seamVelocity: { count: seams, sum: seam_velocity_sum ?? 0, max: seam_velocity_max ?? 0 },
    },
  };
}

/**
 * Results of earlier versions have the columns that they had: a table of them stays the same to the bit.
 *
 * @param seed of starts and noise
 */
export function columnsOfRollouts(rollouts: readonly GridResult[], seed: number): Column[] {
  const known = rollouts.some(({ smoothness }) => smoothness) ? ALL_COLUMNS : COLUMNS;
  return known.map((column: RowColumn) => ({
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
    const entries = ALL_COLUMNS.map(({ name }) => [name, columns.get(name)?.[i]]);
    const { data, error } = rowSchema.safeParse(Object.fromEntries(entries));
    if (!data) return `expected a rollout in row ${i}: ${explainIssues(error)}`;
    rollouts.push(data);
  }
  return rollouts;
}

function specOf({ name, type, lists }: RowColumn): ColumnSpec {
  return { name, type, ...(lists !== undefined && { lists }) };
}
