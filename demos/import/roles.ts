import { TASKS, type Task } from '../../sim/index.ts';
import { featuresOf } from '../store/features.ts';
import { DatasetError } from '../store/index.ts';
import { instructionsOf } from '../store/instructions.ts';
import type { Description } from './description.ts';
import { quoted, refusal } from './refusal.ts';

/** What is learnt from, by the names it has here. */
export const ROLES = ['observation.state', 'observation.environment_state', 'action'] as const;
export type Role = (typeof ROLES)[number];

/** From which features of the other dataset each is put together, one after the other. */
export type FeatureMap = Readonly<Partial<Record<Role, readonly string[]>>>;

/** A feature and how many numbers of it stand in a frame. */
export interface RoleColumn {
  readonly name: string;
  readonly width: number;
}

export type RoleColumns = Readonly<Record<Role, readonly RoleColumn[]>>;

/** Columns that number what stands in a frame, and are of no use to a mapping. */
export const COUNTERS: ReadonlySet<string> = new Set([
  'timestamp',
  'frame_index',
  'episode_index',
  'index',
  'task_index',
]);

/**
 * Which columns stand for what a policy observes and does. Without a mapping they must be called and
 * composed as they are here; with one, whoever gave it answers for what the numbers mean.
 *
 * @throws DatasetError 'mismatch' for another robot or another scene
 */
export function chooseColumns({ features }: Description, task: Task, map: FeatureMap): RoleColumns {
  const choose = (role: Role): RoleColumn[] => {
    const expected = namesOf(task, role);
    const mapped = map[role];
    const columns = (mapped ?? [role]).map((name) => {
      const feature = features.get(name);
      if (feature && isNumeric(feature.dtype)) return { name, width: feature.width };
      const cure = `say which feature it is: --map ${role}=KEY, or KEY+KEY; there are ${offered(features)}`;
      const got = feature ? `${feature.dtype}` : 'none';
      throw refusal(
        `feature ${quoted(name)}`,
        { expected: `${expected.length} numbers a frame`, got, cure },
        'mismatch',
      );
    });
    const width = columns.reduce((sum, each) => sum + each.width, 0);
    const names = mapped ? null : (features.get(role)?.names ?? null);
    const same = names === null ? mapped !== undefined : names.join() === expected.join();
    if (width === expected.length && same) return columns;
    const got = names === null ? `${width} numbers without names` : quoted(names.join(', '));
    throw refusal(
      role,
      {
        expected: `${expected.length} numbers (${expected.join(', ')}; rad and m)`,
        got: width === expected.length ? got : `${width} numbers`,
        cure:
          'it is of another robot or scene; where it is this one under other names, say so: ' +
          `--map ${role}=KEY, or KEY+KEY; there are ${offered(features)}`,
      },
      'mismatch',
    );
  };
  return Object.fromEntries(ROLES.map((role) => [role, choose(role)])) as unknown as RoleColumns;
}

/** Names of what stands in a frame of a task's datasets. */
export function namesOf(task: Task, role: Role): readonly string[] {
  const feature = featuresOf(task).find(({ name }) => name === role);
  return feature?.names ?? [];
}

export function isNumeric(dtype: string): boolean {
  return /^(float|int|uint)\d+$/.test(dtype) || dtype === 'bool';
}

/** Features a mapping may name. */
function offered(features: Description['features']): string {
  const names = [...features]
    .filter(([name, { dtype }]) => isNumeric(dtype) && !COUNTERS.has(name))
    .slice(0, 30)
    .map(([name, { width }]) => `${name} [${width}]`);
  return names.length > 0 ? names.join(', ').slice(0, 1000) : 'none with numbers';
}

/**
 * The task of a dataset: the one whose scene it observes and whose words it is told.
 *
 * @param words instructions of the dataset
 * @throws DatasetError 'mismatch' where none or several fit
 */
export function recogniseTask({ features }: Description, words: readonly string[]): Task {
  const seen = features.get('observation.environment_state')?.names?.join() ?? null;
  const told = (task: Task) => words.some((each) => each && instructionsOf(task).includes(each));
  const alike = TASKS.filter((task) => seen === null || task.environmentNames.join() === seen);
  const fitting = alike.length === 1 && seen !== null ? alike : alike.filter(told);
  if (fitting.length === 1) return fitting[0];
  throw new DatasetError(
    'mismatch',
    `dataset: expected the scene of one of ${TASKS.map(({ name }) => name).join(', ')}, got ` +
      `${seen === null ? 'no names of an environment' : quoted(seen)} and instructions ` +
      `${quoted(words.slice(0, 3).join(' / '))}; say which it is: --task NAME`,
  );
}
