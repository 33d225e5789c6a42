import { z } from 'zod';
import { recordOf } from '../../policies/config/record.ts';
import { FileError, readRegular } from '../files/index.ts';
import { DatasetError } from '../store/index.ts';
import { STATS_PATH } from '../store/layout.ts';
import type { Description } from './description.ts';
import { ROLES, type Role, type RoleColumns } from './roles.ts';
import { readLines } from './tables.ts';

const MOST_BYTES = 16 * 2 ** 20;
/** By so much of a component's range may a statistic miss what the frames give. */
const TOLERANCE = 1e-3;

const vector = z.array(z.number());
const featureSchema = z.looseObject({ min: vector, max: vector });
const statisticsSchema = recordOf(z.string(), z.unknown());

interface Extremes {
  readonly min: number[];
  readonly max: number[];
}

/** What the frames of a dataset give, to be held against what its statistics say. */
export class Tally {
  readonly #seen = new Map<Role, Extremes>();

  add(role: Role, values: Float64Array, width: number): void {
    const { min, max } = this.#seen.get(role) ?? {
      min: Array<number>(width).fill(Infinity),
      max: Array<number>(width).fill(-Infinity),
    };
    for (const [at, value] of values.entries()) {
      const i = at % width;
      if (value < min[i]) min[i] = value;
      if (value > max[i]) max[i] = value;
    }
    this.#seen.set(role, { min, max });
  }

  of(role: Role): Extremes | null {
    return this.#seen.get(role) ?? null;
  }
}

/**
 * Features whose statistics do not fit their frames. Statistics that cannot be read are as good as
 * none: nothing here learns from them.
 *
 * @returns names; null where there are no statistics
 */
export async function staleStatistics(
  root: string,
  description: Description,
  columns: RoleColumns,
  tally: Tally,
): Promise<readonly string[] | null> {
  const declared = await readDeclared(root, description);
  if (!declared) return null;
  return ROLES.flatMap((role) => {
    const [only, ...others] = columns[role];
    const seen = tally.of(role);
    const said = declared.get(only.name);
    if (others.length > 0 || !seen || !said) return [];
    return fits(seen, said) ? [] : [only.name];
  });
}

function fits(seen: Extremes, said: Extremes): boolean {
  if (said.min.length !== seen.min.length || said.max.length !== seen.max.length) return false;
  return seen.min.every((min, i) => {
    const near = TOLERANCE * (seen.max[i] - min) + 1e-6 * Math.max(1, Math.abs(min));
    return Math.abs(said.min[i] - min) <= near && Math.abs(said.max[i] - seen.max[i]) <= near;
  });
}

async function readDeclared(
  root: string,
  { version }: Description,
): Promise<ReadonlyMap<string, Extremes> | null> {
  try {
    if (version === 'v3.0') {
      const text = (await readRegular(root, STATS_PATH, MOST_BYTES)).toString('utf8');
      return extremesOf([statisticsSchema.parse(JSON.parse(text))]);
    }
    const line = z.looseObject({ stats: statisticsSchema });
    const lines = await readLines(root, 'meta/episodes_stats.jsonl', line);
    return extremesOf(lines.map(({ stats }) => stats));
  } catch (error) {
    const unreadable = [FileError, DatasetError, z.ZodError, SyntaxError];
    if (unreadable.some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

function extremesOf(parts: readonly Record<string, unknown>[]): ReadonlyMap<string, Extremes> {
  const all = new Map<string, Extremes>();
  for (const part of parts) {
    for (const [name, statistics] of Object.entries(part)) {
      const { data } = featureSchema.safeParse(statistics);
      if (!data) continue;
      const known = all.get(name);
      const pool = (a: readonly number[] | undefined, b: number[], pick: typeof Math.min) =>
        a ? b.map((value, i) => pick(value, a[i])) : b;
      all.set(name, {
        min: pool(known?.min, data.min, Math.min),
        max: pool(known?.max, data.max, Math.max),
      });
    }
  }
  return all;
}
