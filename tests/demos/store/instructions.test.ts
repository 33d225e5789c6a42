/** Instructions in a dataset on disk; DuckDB reads them as LeRobot would. */
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { DatasetStore } from '../../../demos/store/index.ts';
import { leftRightColour } from '../../../sim/tasks/left-right-colour/task.ts';
import { synthetic, temporaryDirectory } from './support.ts';

const KIND = { task: leftRightColour.name, controlHz: 20 } as const;
const store = new DatasetStore(await temporaryDirectory());

function told(seed: number, instruction: string | undefined, length = 6) {
  const initial = leftRightColour.sampleInitialState(seed);
  const { instruction: _, ...scene } = initial;
  return synthetic(seed, {
    task: leftRightColour.name,
    length,
    environment: Float32Array.from({ length: length * 9 }, (_, i) => Math.sin(i + seed)),
    initial: instruction === undefined ? scene : { ...scene, instruction },
  });
}

const EPISODES = [
  told(0, 'hand me the red apple'),
  told(1, ''),
  told(2, 'take the green one from the left'),
];

describe('instructions', () => {
  it('come back as they were stored, from the index and from the episodes', async () => {
    const dataset = await store.create('told', KIND);
    await dataset.append(EPISODES);
    const reopened = await store.open('told');
    expect(await reopened.readAll()).toEqual(EPISODES);
    expect(reopened.episodes.map(({ initial }) => initial.instruction)).toEqual(
      EPISODES.map(({ initial }) => initial.instruction),
    );
  });

  it('are found by other programs through task_index', async () => {
    const { directory } = await store.open('told');
    const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await duckdb.runAndReadAll(`
      SELECT DISTINCT d.episode_index e, t.task told
      FROM '${directory}/data/*/*.parquet' d
      JOIN '${directory}/meta/tasks.parquet' t USING (task_index) ORDER BY e`);
    expect(reader.getRowObjectsJS().map(({ told: text }) => text)).toEqual(
      EPISODES.map(({ initial }) => initial.instruction),
    );
    const index = await duckdb.runAndReadAll(
      `SELECT tasks FROM '${directory}/meta/episodes/chunk-000/file-000.parquet'`,
    );
    expect(index.getRowObjectsJS()).toEqual(
      EPISODES.map(({ initial }) => ({ tasks: [initial.instruction] })),
    );
  });

  it('change the hash of a dataset', async () => {
    const other = await store.create('other', KIND);
    await other.append([told(0, 'hand me the green apple'), ...EPISODES.slice(1)]);
    expect(other.hash).not.toBe((await store.open('told')).hash);
  });

  it.each([
    [
      'a sentence the task does not know',
      told(3, 'hand me the blue apple'),
      /instruction of the task's language, like "hand me/,
    ],
    ['none at all', told(3, undefined), /an instruction, if only an empty one/],
  ])('are refused: %s', async (_, demonstration, message) => {
    const dataset = await store.open('told');
    await expect(dataset.append([demonstration])).rejects.toThrow(message);
    expect(dataset.info.episodes).toBe(EPISODES.length);
  });

  it('have no place in a task without a language', async () => {
    const dataset = await store.create('plain', { task: 'left-right', controlHz: 20 });
    const { initial } = synthetic(1);
    const demonstration = synthetic(1, {
      initial: { ...initial, instruction: 'hand me the ball' },
    });
    await expect(dataset.append([demonstration])).rejects.toThrow('no instruction');
  });
});
