import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chooseSampler } from '../../../policies/config/index.ts';
import { exportOnnx } from '../../../policies/export.ts';
import { createPlan } from '../../../policies/samplers/plan.ts';
import { describeExport } from '../../../scripts/describe-export.ts';
import { parseSource } from '../../../scripts/options.ts';
import { evaluateCells, rolloutGrid } from '../../../server/evaluation/evaluate.ts';
import { describePolicy, openPolicy, policyDigest } from '../../../server/storage/open-policy.ts';
import { loadShipped, openWorkspace } from '../../../server/storage/workspace.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { rapier, task } from '../../support/simulation.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** As many as programs of many rows are for: the file has theirs, to the bit. */
const BATCH = 16;

/** A policy that ships, in a file, in a program that was started with it. */
async function exported(name: string) {
  const policy = await loadShipped(name);
  const sampler = chooseSampler(policy.spec.objective, {});
  const plan = createPlan(policy.spec.objective, sampler);
  const metadata = describeExport(policy, sampler, plan, { guidance: 1 });
  const directory = await temporaryDirectory();
  const path = join(directory, 'policy.onnx');
  await writeFile(path, await exportOnnx(policy, plan, { metadata }));
  const source = { kind: 'onnx', file: `onnx:${path}` } as const;
  const place = { data: directory, engine: 'compiled', checkpoints: [source.file] } as const;
  return { path, directory, source, place, workspace: openWorkspace(place), sampler };
}

it('rolls out from its file as it does itself, to the bit', async () => {
  const name = 'reflow';
  const { workspace, source, sampler } = await exported(name);
  const engine = keepingEngine();
  const setup = { rapier, task, batch: BATCH, seed: 0, actionHorizon: 20 };
  const rollOut = async (own: boolean) => {
    const policy = await openPolicy(workspace, engine, own ? parseSource(name) : source);
    const drawn = own ? sampler : null;
    return evaluateCells({ ...setup, policy, sampler: drawn }, rolloutGrid(3));
  };
  expect(await rollOut(false)).toEqual(await rollOut(true));
});

it('is what its manifest says, which counts in its digest', async () => {
  const { workspace, source, path } = await exported('l2');
  const before = await policyDigest(workspace, source);
  const manifest = {
    name: 'mine',
    task: 'left-right',
    control_hz: 20,
    observation_horizon: 2,
    prediction_horizon: 30,
    inputs: { observation: { is: 'observation' } },
    output: { name: 'action', first_row: 2 },
  };
  await writeFile(`${path}.json`, JSON.stringify(manifest));
  expect(await describePolicy(workspace, source)).toMatchObject({ name: 'mine', predHorizon: 30 });
  expect(await policyDigest(workspace, source)).not.toBe(before);
  await writeFile(`${path}.json`, '{');
  await expect(describePolicy(workspace, source)).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringMatching(/manifest: expected JSON/),
  });
});

it('is read only where the person who started this program named it, and no link is', async () => {
  const { place, source, path, directory, workspace } = await exported('l2');
  await expect(
    describePolicy(openWorkspace({ ...place, checkpoints: [] }), source),
  ).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('expected one that this program was started with (none)'),
  });
  expect(await policyDigest(workspace, source)).toMatch(/^[0-9a-f]{64}$/);
  await rm(path);
  await symlink(join(directory, 'elsewhere.onnx'), path);
  await expect(describePolicy(workspace, source)).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringMatching(/^onnx:.*expected a regular file, got a symbolic link/),
  });
});
