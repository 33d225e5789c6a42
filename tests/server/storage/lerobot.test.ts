import { cp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chooseDrawing } from '../../../policies/drawing.ts';
import { evaluateCells, rolloutGrid } from '../../../server/evaluation/evaluate.ts';
import {
  describePolicy,
  loadPolicy,
  openPolicy,
  policyDigest,
} from '../../../server/storage/open-policy.ts';
import { openWorkspace } from '../../../server/storage/workspace.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { changed, FIXTURES } from '../../support/lerobot.ts';
import { rapier, task } from '../../support/simulation.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** A copy of a checkpoint, in a program that was started with it. */
async function copied(checkpoint = 'biases') {
  const directory = await temporaryDirectory();
  await cp(join(FIXTURES, checkpoint), directory, { recursive: true });
  const source = { kind: 'lerobot', directory: `lerobot:${directory}` } as const;
  const place = { data: directory, engine: 'compiled', checkpoints: [source.directory] } as const;
  const change = async (changes: Readonly<Record<string, unknown>>, file = 'config.json') => {
    const path = join(directory, file);
    await writeFile(path, changed(await readFile(path), changes));
  };
  return { directory, source, place, workspace: openWorkspace(place), change };
}

it('is read only where the person who started this program named it', async () => {
  const { source, place } = await copied();
  for (const checkpoints of [undefined, ['lerobot:/elsewhere']]) {
    await expect(
      describePolicy(openWorkspace({ ...place, checkpoints }), source),
    ).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^checkpoint: expected one that this program was started/),
    });
  }
  expect(await describePolicy(openWorkspace(place), source)).toMatchObject({ predHorizon: 6 });
});

it('rolls out as any other policy, the same each time', async () => {
  const { workspace, source } = await copied();
  const policy = await openPolicy(workspace, keepingEngine(), source);
  const sampler = chooseDrawing(policy.describe());
  expect(sampler).toBeNull();
  const rollOut = () =>
    evaluateCells(
      { rapier, task, sampler, batch: 2, seed: 0, policy, actionHorizon: 6 },
      rolloutGrid(2),
    );
  const results = await rollOut();
  expect(results).toHaveLength(2);
  expect(await rollOut()).toEqual(results);
});

it('is told from another by a digest of all that was read', async () => {
  const { workspace, source, directory, change } = await copied();
  const digest = await policyDigest(workspace, source);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  await writeFile(join(directory, 'train_config.json'), '{}');
  expect(await policyDigest(workspace, source)).toBe(digest);
  await change({ num_inference_steps: 4 });
  expect(await policyDigest(workspace, source)).not.toBe(digest);
});

it('acts in the task that it names, else in the first that shows as much', async () => {
  const { workspace, source, directory } = await copied();
  expect(await describePolicy(workspace, source)).toMatchObject({
    task: 'left-right',
    controlHz: 20,
  });
  const named = (content: object) =>
    writeFile(join(directory, 'forking-paths.json'), JSON.stringify(content));
  await named({ task: 'three-ways', control_hz: 50 });
  expect(await describePolicy(workspace, source)).toMatchObject({
    task: 'three-ways',
    controlHz: 50,
  });
  for (const other of ['left-right-colour', 'juggle']) {
    await named({ task: other });
    await expect(describePolicy(workspace, source)).rejects.toThrow(
      /observation.environment_state: expected as many numbers as a task shows/,
    );
  }
});

it('cannot teach or be trained on here', async () => {
  const { workspace, source } = await copied();
  await expect(loadPolicy(workspace, source)).rejects.toThrow(/trained here/);
});

it.each([
  ['of a picture', /the picture "observation.images.front"; ask it through a policy server/],
  ['of another robot', /observation.state: expected 8 numbers, got 6; train one on a dataset/],
  ['that is a link', /expected a regular file, got a symbolic link/],
  ['that is too large', /expected at most \d+ bytes, got 1099511627776/],
  ['that is not there', /config.json: expected it in the directory, got nothing/],
])('a checkpoint %s is refused by its name', async (what, message) => {
  const { workspace, source, directory, change } = await copied();
  const model = join(directory, 'model.safetensors');
  if (what === 'of a picture') {
    const state = { type: 'STATE', shape: [8] };
    const front = { type: 'VISUAL', shape: [3, 96, 96] };
    await change({
      input_features: { 'observation.state': state, 'observation.images.front': front },
    });
  } else if (what === 'of another robot') {
    const unscaled = { registry_name: 'normalizer_processor', config: { norm_map: {} } };
    await change({ steps: [unscaled] }, 'policy_preprocessor.json');
    await change({
      input_features: {
        'observation.state': { type: 'STATE', shape: [6] },
        'observation.environment_state': { type: 'ENV', shape: [8] },
      },
    });
  } else if (what === 'that is a link') {
    await rm(model);
    await symlink(join(FIXTURES, 'biases/model.safetensors'), model);
  } else if (what === 'that is too large') {
    await truncate(model, 2 ** 40);
  } else {
    await rm(join(directory, 'config.json'));
  }
  await expect(describePolicy(workspace, source)).rejects.toMatchObject({
    code: 'damaged',
    message: expect.stringMatching(message),
  });
  await expect(describePolicy(workspace, source)).rejects.toThrow(`lerobot:${directory}: `);
});
