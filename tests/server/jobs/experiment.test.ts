import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { planComparison } from '../../../server/evaluation/comparison.ts';
import type { GridResult } from '../../../server/evaluation/evaluate.ts';
import { ExperimentDirectory } from '../../../server/experiments/directory.ts';
import { planExperiment } from '../../../server/experiments/make-plan.ts';
import { mergeShards } from '../../../server/experiments/merge.ts';
import { encodeMerged } from '../../../server/experiments/merged-file.ts';
import type { ExperimentPlan } from '../../../server/experiments/plan.ts';
import { survey } from '../../../server/experiments/survey.ts';
import { type ExperimentOptions, runExperiment } from '../../../server/jobs/experiment.ts';
import { BATCH, rollOutInParallel } from '../../../server/jobs/rollouts.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { lendPrograms } from '../../support/programs.ts';
import { temporaryDirectory, temporaryWorkspace } from '../../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let workspace: Workspace;
/** L2 at two action horizons, four rollouts each, in shards of two. */
let plan: ExperimentPlan;
/** What `compare` rolls out. */
let compared: readonly (readonly GridResult[])[];
/** Run by one process from beginning to end. */
let whole: ExperimentDirectory;

const L2 = { policy: { kind: 'shipped', name: 'l2' } as const };
const GRID = { rollouts: 4, starts: 2, seed: 1 };

async function planned(): Promise<ExperimentDirectory> {
  const directory = new ExperimentDirectory(join(await temporaryDirectory(), 'experiment'));
  await directory.writePlan(plan);
  return directory;
}

function run(directory: ExperimentDirectory, options: ExperimentOptions = {}) {
  return runExperiment(workspace, directory, plan, { processes: 1, ...options });
}

async function mergedOf(directory: ExperimentDirectory) {
  return mergeShards(plan, survey(plan, await directory.readShards()), 'run it');
}

async function tableOf(directory: ExperimentDirectory): Promise<Uint8Array> {
  return encodeMerged(plan, await mergedOf(directory));
}

beforeAll(async () => {
  workspace = await temporaryWorkspace();
  await lendPrograms(workspace.place.data);
  plan = await planExperiment(workspace, {
    ...{ ...GRID, lanes: [L2], guidances: [null], chunkings: [null] },
    ...{ actionHorizons: [16, 20], batch: BATCH, shardSize: 2 },
  });
  const request = { ...GRID, policies: [L2] };
  const one = await planComparison(workspace, { ...request, actionHorizon: 16 });
  const other = await planComparison(workspace, { ...request, actionHorizon: 20 });
  const inputs = [...one.inputs, ...other.inputs];
  compared = (await rollOutInParallel(inputs, one.cells, { processes: 1 })).results;
  whole = await planned();
  await run(whole);
});

describe('an experiment', () => {
  it('gives the rollouts of a comparison, to the bit', async () => {
    const { contenders } = await mergedOf(whole);
    expect(contenders.map(({ rollouts }) => rollouts)).toEqual(compared);
    expect(compared.flat().every(({ replayHash }) => /^[0-9a-f]+$/.test(replayHash))).toBe(true);
  });

  it('in parts, and with a shard that was cut off, merges to the same bytes', async () => {
    const parts = await planned();
    expect(await run(parts, { part: { index: 2, count: 2 } })).toMatchObject({ shards: 2 });
    await expect(mergedOf(parts)).rejects.toThrow('expected all 4 shards, got 2');
    const folder = join(parts.path, 'shards');
    await truncate(join(folder, (await readdir(folder))[0]), 1000);
    let told = 0;
    const onProgress = (ended: number) => {
      told = ended;
    };
    // The one that is damaged and the two of the first part; the sound one is not run again.
    expect(await run(parts, { onProgress })).toEqual({ shards: 3, skipped: 1, rollouts: 6 });
    expect(told).toBe(6);
    expect(await tableOf(parts)).toEqual(await tableOf(whole));
  });

  it('has nothing to do once it is done, and run again it ends in the same bits', async () => {
    const before = await readdir(join(whole.path, 'shards'));
    expect(await run(whole)).toEqual({ shards: 0, skipped: 4, rollouts: 0 });
    expect(await run(whole, { again: true })).toMatchObject({ shards: 4 });
    expect(await readdir(join(whole.path, 'shards'))).toEqual(before);
  });

  it('keeps what was finished where it is stopped, and goes on with the rest', async () => {
    const stopped = await planned();
    const stop = new AbortController();
    const work = run(stopped, {
      signal: stop.signal,
      // The third rollout is of the second shard: the first is kept by then.
      onProgress: (ended) => ended === 3 && stop.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: 'conflict' });
    const { shards } = survey(plan, await stopped.readShards());
    const done = shards.filter(({ state }) => state === 'done').length;
    expect(done).toBeGreaterThan(0);
    expect(await run(stopped)).toMatchObject({ skipped: done, shards: 4 - done });
    expect(await tableOf(stopped)).toEqual(await tableOf(whole));
  });
});

describe('an experiment is not run', () => {
  it.each<[string, (plan: ExperimentPlan) => ExperimentPlan, string]>([
    [
      'by other code',
      (of) => ({ ...of, code: { version: '9.9.9', digest: 'a'.repeat(64) } }),
      'expected the code of version 9.9.9 (aaaaaaaaaaaa), got',
    ],
    [
      'by another Rapier',
      (of) => ({ ...of, physics: { ...of.physics, version: '0.0.1' } }),
      'expected the physics of @dimforge/rapier3d-compat 0.0.1, got',
    ],
    [
      'with another policy',
      (of) => ({
        ...of,
        contenders: of.contenders.map((each) => ({ ...each, digest: 'b'.repeat(64) })),
      }),
      `"l2": expected the policy of digest ${'b'.repeat(64)}, as planned, got`,
    ],
  ])('%s', async (_, change, message) => {
    const refused = runExperiment(workspace, await planned(), change(plan));
    await expect(refused).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(message),
    });
  });
});
