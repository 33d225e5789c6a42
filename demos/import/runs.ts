import { ACTION_DIM } from '../../sim/index.ts';
import { MOST_FRAMES } from '../store/facts.ts';
import { COMMAND, FACTS, INTERVENTION, SUCCESS } from '../store/features.ts';
import { ForeignTable } from './parquet.ts';
import { quoted, refusal } from './refusal.ts';
import { ROLES, type Role, type RoleColumns } from './roles.ts';

/** Frames of one episode as they stand in the files. */
export interface RawEpisode {
  /** Number it has there. */
  readonly index: number;
  readonly frames: number;
  /** s since its beginning, as the files say. */
  readonly times: readonly number[];
  /** [frames · width] each. */
  readonly numbers: Readonly<Record<Role, Float64Array>>;
  /** What was executed, [frames · 8]; null where the files do not tell it from the actions. */
  readonly command: Float64Array | null;
  /** Which frames a person took over; null where the files do not say. */
  readonly intervention: Uint8Array | null;
  /** Whether any frame says that it succeeded; null where none could. */
  readonly success: boolean | null;
  /** Numbers of its sentences: one, unless it changes midway. */
  readonly taskIndices: readonly number[];
  /** What is known of the whole episode, as its first frame carries it; null without. */
  readonly told: string | null;
}

/** What of an episode was read so far. */
interface Open {
  readonly index: number;
  readonly parts: Part[];
  frames: number;
  readonly taskIndices: Set<number>;
  readonly told: string | null;
}

/** Consecutive frames of it. */
interface Part {
  readonly times: Float64Array;
  readonly numbers: Record<Role, Float64Array>;
  readonly command: Float64Array | null;
  readonly intervention: Float64Array | null;
  readonly success: Float64Array | null;
}

/**
 * Episodes in the order of their frames, however these are spread over files and groups of rows.
 *
 * @param side   names of the columns that are read besides
 * @param onWide called once with each column whose numbers have more digits than f32 holds
 * @throws DatasetError 'damaged' where frames are missing, twice or out of order
 */
export async function* readRuns(
  root: string,
  paths: readonly string[],
  columns: RoleColumns,
  side: ReadonlySet<string>,
  onWide: (column: string) => void,
): AsyncGenerator<RawEpisode, void, undefined> {
  const ended = new Set<number>();
  let open: Open | null = null;
  for (const path of paths) {
    const table = await ForeignTable.open(root, path);
    try {
      for (const group of table.groups.keys()) {
        if (table.groups[group] === 0) continue;
        const rows = await readGroup(table, group, columns, side, onWide);
        for (let from = 0; from < rows.episodes.length; ) {
          const index = rows.episodes[from];
          let to = from;
          while (to < rows.episodes.length && rows.episodes[to] === index) to++;
          if (open && open.index !== index) {
            ended.add(open.index);
            yield close(open);
            open = null;
          }
          if (ended.has(index)) {
            throw refusal(path, {
              expected: `frames of episode ${index} in one piece`,
              got: 'more of them after those of another',
              cure: 're-save the dataset with LeRobot',
            });
          }
          open ??= {
            index,
            parts: [],
            frames: 0,
            taskIndices: new Set(),
            told: rows.told?.[from] ?? null,
          };
          checkFrames(path, open, rows.frames.subarray(from, to));
          open.parts.push(rows.part(from, to));
          for (const each of rows.tasks.subarray(from, to)) open.taskIndices.add(each);
          open.frames += to - from;
          from = to;
        }
      }
    } finally {
      await table.close();
    }
  }
  if (open) yield close(open);
}

interface GroupRows {
  readonly episodes: Float64Array;
  readonly frames: Float64Array;
  readonly tasks: Float64Array;
  readonly told: readonly string[] | null;
  part(from: number, to: number): Part;
}

async function readGroup(
  table: ForeignTable,
  group: number,
  columns: RoleColumns,
  side: ReadonlySet<string>,
  onWide: (column: string) => void,
): Promise<GroupRows> {
  const need = (name: string, width: number) => {
    const column = table.columns.get(name);
    if (column && column.kind !== 'text') {
      if (column.wide) onWide(name);
      return table.numbers(group, name, width);
    }
    const got = column ? 'text' : `none among ${quoted([...table.columns.keys()].join(', '))}`;
    const cure = 're-save the dataset with LeRobot, or map another feature';
    throw refusal(table.path, { expected: `a column ${quoted(name)} of numbers`, got, cure });
  };
  const maybe = async (name: string, width: number) =>
    side.has(name) && table.columns.has(name) ? need(name, width) : null;
  const episodes = await need('episode_index', 1);
  const frames = await need('frame_index', 1);
  const times = await need('timestamp', 1);
  const tasks = await need('task_index', 1);
  const roles = {} as Record<Role, readonly { values: Float64Array; width: number }[]>;
  for (const role of ROLES) {
    const parts: { values: Float64Array; width: number }[] = [];
    for (const { name, width } of columns[role])
      parts.push({ values: await need(name, width), width });
    roles[role] = parts;
  }
  const command = await maybe(COMMAND, ACTION_DIM);
  const success = await maybe(SUCCESS, 1);
  const intervention = await maybe(INTERVENTION, 1);
  const carried = side.has(FACTS) && table.columns.get(FACTS)?.kind === 'text';
  const told = carried ? await table.texts(group, FACTS) : null;
  return {
    ...{ episodes, frames, tasks, told },
    part: (from, to) => ({
      times: times.slice(from, to),
      numbers: Object.fromEntries(
        ROLES.map((role) => [role, sideBySide(roles[role], from, to)]),
      ) as Record<Role, Float64Array>,
      command: command?.slice(from * ACTION_DIM, to * ACTION_DIM) ?? null,
      success: success?.slice(from, to) ?? null,
      intervention: intervention?.slice(from, to) ?? null,
    }),
  };
}

/** Rows of several columns as rows of one. */
function sideBySide(
  parts: readonly { values: Float64Array; width: number }[],
  from: number,
  to: number,
): Float64Array {
  const [only] = parts;
  if (parts.length === 1) return only.values.slice(from * only.width, to * only.width);
  const width = parts.reduce((sum, each) => sum + each.width, 0);
  const flat = new Float64Array((to - from) * width);
  for (let row = from; row < to; row++) {
    let at = (row - from) * width;
    for (const { values, width: own } of parts) {
      flat.set(values.subarray(row * own, (row + 1) * own), at);
      at += own;
    }
  }
  return flat;
}

function checkFrames(path: string, { index, frames }: Open, numbers: Float64Array): void {
  const bad = numbers.findIndex((number, i) => number !== frames + i);
  if (bad >= 0) {
    throw refusal(path, {
      expected: `frame ${frames + bad} of episode ${index}`,
      got: `frame ${numbers[bad]}`,
      cure: 'frames are missing or out of order: re-record the episode, or delete it with LeRobot',
    });
  }
  if (frames + numbers.length <= MOST_FRAMES) return;
  throw refusal(path, {
    expected: `at most ${MOST_FRAMES} frames of episode ${index}`,
    got: 'more',
    cure: 'split it where it was recorded',
  });
}

function close({ index, parts, frames, taskIndices, told }: Open): RawEpisode {
  const joined = (of: (part: Part) => Float64Array | null): Float64Array | null => {
    const all = parts.map(of);
    if (all.some((each) => each === null)) return null;
    const flat = new Float64Array(all.reduce((sum, each) => sum + (each?.length ?? 0), 0));
    let at = 0;
    for (const each of all) {
      if (each) flat.set(each, at);
      at += each?.length ?? 0;
    }
    return flat;
  };
  const empty = new Float64Array();
  const success = joined((part) => part.success);
  const flags = joined((part) => part.intervention);
  return {
    ...{ index, frames, told, taskIndices: [...taskIndices] },
    times: [...(joined((part) => part.times) ?? empty)],
    numbers: Object.fromEntries(
      ROLES.map((role) => [role, joined((part) => part.numbers[role]) ?? empty]),
    ) as Record<Role, Float64Array>,
    command: joined((part) => part.command),
    intervention: flags && Uint8Array.from(flags, (flag) => Number(flag !== 0)),
    success: success === null ? null : success.some((value) => value !== 0),
  };
}
