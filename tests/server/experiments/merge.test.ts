import { readdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../demos/files/index.ts';
import { ContradictionError, ExperimentDirectory } from '../../../server/experiments/directory.ts';
import { mergeShards } from '../../../server/experiments/merge.ts';
import { encodeMerged } from '../../../server/experiments/merged-file.ts';
import type { ExperimentPlan } from '../../../server/experiments/plan.ts';
import type { ShardResult } from '../../../server/experiments/run-shard.ts';
import { type Shard, shardsOf } from '../../../server/experiments/shard.ts';
import { survey } from '../../../server/experiments/survey.ts';
import { allRollouts, keepResult, somePlan, someResult } from '../../support/experiments.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const FILL = 'experiment run here';

async function planned(plan: ExperimentPlan): Promise<ExperimentDirectory> {
  const directory = new ExperimentDirectory(join(await temporaryDirectory(), 'experiment'));
  await directory.writePlan(plan);
  return directory;
}

async function keepAll(directory: ExperimentDirectory, shards: readonly Shard[]): Promise<void> {
  for (const { description } of shards) await keepResult(directory, description);
}

/** An experiment that has been run. */
async function done(plan = somePlan()): Promise<ExperimentDirectory> {
  const directory = await planned(plan);
  await keepAll(directory, shardsOf(plan));
  return directory;
}

async function merge(directory: ExperimentDirectory) {
  const plan = await directory.readPlan();
  return mergeShards(plan, survey(plan, await directory.readShards()), FILL);
}

async function tableOf(directory: ExperimentDirectory): Promise<Uint8Array> {
  return encodeMerged(await directory.readPlan(), await merge(directory));
}

async function filesOf({ path }: ExperimentDirectory): Promise<string[]> {
  const folder = join(path, 'shards');
  return (await readdir(folder)).sort().map((name) => join(folder, name));
}

/** A result in which one rollout took a step more. */
function otherResult(shard: Shard): ShardResult {
  const { rollouts, engine } = someResult(shard.description);
  const [first, ...rest] = rollouts;
  return { engine, rollouts: [{ ...first, steps: first.steps + 1 }, ...rest] };
}

describe('a merged experiment', () => {
  it('has the rollouts of every contender in the order of the grid', async () => {
    const { contenders, engine } = await merge(await done());
    expect(contenders.map(({ rollouts }) => rollouts)).toEqual(allRollouts(somePlan()));
    expect(engine).toBe('made up');
  });

  it('is the same table to the bit however it was cut and in whatever order it was run', async () => {
    const expected = await tableOf(await done());
    for (const shardSize of [1, 4, 6]) {
      expect(await tableOf(await done(somePlan({ shardSize })))).toEqual(expected);
    }
    const turned = await planned(somePlan());
    await keepAll(turned, shardsOf(somePlan()).reverse());
    expect(await tableOf(turned)).toEqual(expected);
  });

  it('is the same after a shard ran twice, and after one that was cut off ran again', async () => {
    const directory = await done();
    const expected = await tableOf(directory);
    const shards = shardsOf(somePlan());
    await keepAll(directory, shards.slice(1, 2));
    expect(await filesOf(directory)).toHaveLength(shards.length);
    expect(await tableOf(directory)).toEqual(expected);
    const [file] = await filesOf(directory);
    await truncate(file, 100);
    await expect(merge(directory)).rejects.toThrow('(damaged, ');
    const state = survey(somePlan(), await directory.readShards());
    await keepAll(
      directory,
      state.shards.filter((shard) => shard.state === 'damaged'),
    );
    expect(await filesOf(directory)).toHaveLength(shards.length);
    expect(await tableOf(directory)).toEqual(expected);
  });

  it('of results of an earlier version is the table that was made of them then', async () => {
    expect(sha256(await tableOf(await done()))).toBe(
      'a3aa70bc708402ae558d4dd2fc9a69ca845a288fa111a22d6a107166b4676941',
    );
  });

  it('is a table to others, a row a rollout with its contender', async () => {
    const directory = await done();
    const path = join(directory.path, 'rollouts.parquet');
    await writeFile(path, await tableOf(directory));
    const duckdb = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await duckdb.runAndReadAll(`
      SELECT contender, policy, sampler, nfe, count(*) AS n, sum(steps) AS steps,
             count(*) FILTER (success) AS successes, min(replay_hash) AS least
      FROM '${path}' GROUP BY ALL ORDER BY contender`);
    expect(reader.getRowObjectsJson()).toEqual(
      allRollouts(somePlan()).map((rollouts, i) => ({
        contender: String(i),
        policy: 'flow',
        sampler: 'euler',
        nfe: ['1', '4'][i],
        n: '6',
        steps: String(rollouts.reduce((sum, { steps }) => sum + steps, 0)),
        successes: String(rollouts.filter(({ success }) => success).length),
        least: rollouts.map(({ replayHash }) => replayHash).sort()[0],
      })),
    );
  });
});

describe('a merge is refused', () => {
  it('where shards are missing, with the command that runs them', async () => {
    const directory = await planned(somePlan());
    await keepAll(directory, shardsOf(somePlan()).slice(1));
    await expect(merge(directory)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        /expected all 6 shards, got 5; there is no flow euler 1, Ta 20: rollouts 0 to 1 \(missing, [0-9a-f]{12}\); to run them: experiment run here$/,
      ),
    });
  });

  it('where two runs of a shard ended differently, naming both files', async () => {
    const directory = await done();
    const [shard] = shardsOf(somePlan());
    const kept = keepResult(directory, shard.description, otherResult(shard));
    await expect(kept).rejects.toBeInstanceOf(ContradictionError);
    const both = (await filesOf(directory)).filter((path) => path.includes(shard.id));
    expect(both).toHaveLength(2);
    const refusal = await merge(directory).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ContradictionError);
    expect([...(refusal as ContradictionError).files].sort()).toEqual(both);
    for (const file of both) expect((refusal as ContradictionError).message).toContain(file);
  });

  it.each<[string, Partial<ExperimentPlan>, string]>([
    [
      'other code',
      { code: { version: '2.0.0', digest: 'd'.repeat(64) } },
      'expected the code of version 1.0.0 (cccccccccccc), got 2.0.0 (dddddddddddd)',
    ],
    [
      'another Rapier',
      { physics: { package: '@dimforge/rapier3d-compat', version: '0.0.1' } },
      'got @dimforge/rapier3d-compat 0.0.1',
    ],
    ['another seed', { seed: 4 }, 'expected seed 3, got 4'],
    [
      'another policy of the same name',
      { contenders: somePlan().contenders.map((each) => ({ ...each, digest: 'e'.repeat(64) })) },
      `expected the policy of digest ${'f'.repeat(64)}, got one of ${'e'.repeat(64)} by the same name`,
    ],
    ['other rollouts', { rollouts: 40 }, 'expected a contender and rollouts of the plan'],
  ])('where there is a shard of %s', async (_, change, message) => {
    const directory = await done();
    await keepAll(directory, shardsOf(somePlan(change)).slice(-1));
    await expect(merge(directory)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(message),
    });
  });

  it('where shards ran on two engines', async () => {
    const directory = await planned(somePlan());
    const [first, ...others] = shardsOf(somePlan());
    await keepAll(directory, others);
    await keepResult(directory, first.description, {
      ...someResult(first.description),
      engine: 'other',
    });
    await expect(merge(directory)).rejects.toThrow(
      /expected the results of one engine, got .* of other/,
    );
  });
});

describe('the plan of an experiment', () => {
  it('is read as it was written', async () => {
    const plan = somePlan({ leftOut: [{ combination: 'l2 nfe=2', reason: 'it draws once' }] });
    expect(await (await planned(plan)).readPlan()).toEqual(plan);
  });

  it('may be written again, and another one is refused', async () => {
    const directory = await planned(somePlan());
    await directory.writePlan(somePlan());
    await expect(directory.writePlan(somePlan({ seed: 4 }))).rejects.toMatchObject({
      code: 'exists',
      message: expect.stringContaining('choose another directory'),
    });
    expect(await directory.readPlan()).toEqual(somePlan());
  });

  it.each<[string, (text: string) => string, string]>([
    ['changed', (text) => text.replace('"seed": 3', '"seed": 4'), 'damaged'],
    ['cut off', (text) => text.slice(0, 200), 'damaged'],
    ['of another format', () => '{"format": 2}', 'conflict'],
    ['something else', () => '{"format": 1, "rollouts": 3}', 'damaged'],
  ])('that is %s is refused', async (_, change, code) => {
    const directory = await planned(somePlan());
    const path = join(directory.path, 'plan.json');
    await writeFile(path, change(await readFile(path, 'utf8')));
    await expect(directory.readPlan()).rejects.toMatchObject({ code });
  });

  it('that is not there says how to make one', async () => {
    const directory = new ExperimentDirectory(await temporaryDirectory());
    await expect(directory.readPlan()).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('experiment plan'),
    });
  });
});

it('files of other names among the shards are neither read nor removed', async () => {
  const directory = await done();
  const [file] = await filesOf(directory);
  await rename(file, join(directory.path, 'shards', 'notes.parquet'));
  const { foreign, shards } = survey(somePlan(), await directory.readShards());
  expect(foreign).toEqual([]);
  expect(shards.filter(({ state }) => state === 'missing')).toHaveLength(1);
  await keepAll(directory, shardsOf(somePlan()));
  expect(await readdir(join(directory.path, 'shards'))).toContain('notes.parquet');
});
