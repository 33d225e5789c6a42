import { z } from 'zod';
import { explainIssues } from '../../policies/config/index.ts';
import { isMissing, listDirectory, readRegular } from '../files/index.ts';
import { TASKS_PATH } from '../store/layout.ts';
import type { Description } from './description.ts';
import { ForeignTable } from './parquet.ts';
import { quoted, refusal } from './refusal.ts';

/** Largest file of lines. */
const MOST_LINES_BYTES = 256 * 2 ** 20;
/** Files of data and of the index, and sentences. */
const MOST_FILES = 100_000;
const MOST_WORDS = 100_000;

const RE_SAVE = 're-save it with LeRobot';

/** Compares names by the numbers in them: 2 before 10. */
const byNumber = new Intl.Collator('en', { numeric: true });

/** Data files in the order of their frames: all that lie two levels below `data`, as LeRobot has it. */
export async function listTables(root: string, folder = 'data'): Promise<string[]> {
  const paths: string[] = [];
  for (const chunk of await listDirectory(root, folder)) {
    if (chunk.isFile() || chunk.name.startsWith('.')) continue;
    for (const { name } of await listDirectory(root, `${folder}/${chunk.name}`)) {
      if (name.endsWith('.parquet') && !name.startsWith('.')) {
        paths.push(`${folder}/${chunk.name}/${name}`);
      }
    }
  }
  if (paths.length === 0 || paths.length > MOST_FILES) {
    throw refusal(folder, {
      expected: `1 to ${MOST_FILES} Parquet files, as ${folder}/chunk-000/…`,
      got: `${paths.length}`,
      cure: 'give the directory of a whole LeRobot dataset',
    });
  }
  return paths.sort(byNumber.compare);
}

/** The sentences of a dataset by number. */
export async function readWords(
  root: string,
  { version }: Description,
): Promise<ReadonlyMap<number, string>> {
  const words = new Map<number, string>();
  if (version === 'v2.1') {
    const line = z.looseObject({ task_index: z.int().min(0), task: z.string() });
    for (const { task_index: index, task } of await readLines(root, 'meta/tasks.jsonl', line)) {
      words.set(index, task);
    }
    return words;
  }
  const table = await ForeignTable.open(root, TASKS_PATH);
  try {
    const text = [...table.columns.values()].find(({ kind }) => kind === 'text');
    if (!text || !table.columns.has('task_index')) {
      const got = quoted([...table.columns.keys()].join(', '));
      throw refusal(TASKS_PATH, { expected: 'columns task_index and task', got, cure: RE_SAVE });
    }
    for (const group of table.groups.keys()) {
      if (table.groups[group] > MOST_WORDS) throw tooMany(TASKS_PATH, table.groups[group]);
      const indices = await table.numbers(group, 'task_index', 1);
      const texts = await table.texts(group, text.name);
      for (const [i, each] of texts.entries()) words.set(indices[i], each);
    }
  } finally {
    await table.close();
  }
  return words;
}

/** How long the index says each episode is, by its number there. */
export async function readIndex(
  root: string,
  { version }: Description,
): Promise<ReadonlyMap<number, number>> {
  const lengths = new Map<number, number>();
  const add = (path: string, episode: number, length: number) => {
    if (!lengths.has(episode)) lengths.set(episode, length);
    else {
      const got = 'a second one';
      throw refusal(path, { expected: `one episode ${episode}`, got, cure: RE_SAVE });
    }
    if (lengths.size > MOST_WORDS) throw tooMany(path, lengths.size);
  };
  if (version === 'v2.1') {
    const path = 'meta/episodes.jsonl';
    const line = z.looseObject({ episode_index: z.int().min(0), length: z.int().min(0) });
    for (const { episode_index: episode, length } of await readLines(root, path, line)) {
      add(path, episode, length);
    }
    return lengths;
  }
  for (const path of await listTables(root, 'meta/episodes')) {
    const table = await ForeignTable.open(root, path);
    try {
      for (const group of table.groups.keys()) {
        const episodes = await table.numbers(group, 'episode_index', 1);
        const frames = await table.numbers(group, 'length', 1);
        for (const [i, episode] of episodes.entries()) add(path, episode, frames[i]);
      }
    } finally {
      await table.close();
    }
  }
  return lengths;
}

/** JSON lines of a bounded file. @throws DatasetError 'damaged' */
export async function readLines<T>(
  root: string,
  path: string,
  schema: z.ZodType<T>,
): Promise<readonly T[]> {
  let text: string;
  try {
    text = (await readRegular(root, path, MOST_LINES_BYTES)).toString('utf8');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw refusal(path, { expected: 'a file', got: 'nothing', cure: RE_SAVE }, 'damaged', error);
  }
  const lines: T[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    if (lines.length >= MOST_WORDS) throw tooMany(path, lines.length + 1);
    lines.push(parseLine(path, i, line, schema));
  }
  return lines;
}

function parseLine<T>(path: string, index: number, line: string, schema: z.ZodType<T>): T {
  const expected = `JSON in line ${index + 1}`;
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    throw refusal(path, { expected, got: 'other text', cure: RE_SAVE }, 'damaged', error);
  }
  const { data, error } = schema.safeParse(json);
  if (error) throw refusal(path, { expected, got: explainIssues(error), cure: RE_SAVE });
  return data;
}

function tooMany(path: string, got: number) {
  return refusal(path, {
    expected: `at most ${MOST_WORDS} rows`,
    got: `${got}`,
    cure: 'split the dataset',
  });
}
