import { expect, it } from 'vitest';
import { planComparison } from '../../../server/evaluation/comparison.ts';
import { compareRequestSchema } from '../../../server/protocol/index.ts';
import {
  demonstratedModes,
  describePolicy,
  loadPolicy,
  revisionOf,
} from '../../../server/storage/open-policy.ts';
import { openWorkspace } from '../../../server/storage/workspace.ts';
import { TASKS } from '../../../sim/index.ts';
import { holding, startPolicyServer } from '../../support/policy-server.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { TINY_TRAINING, tinyPolicy } from '../../support/tiny-policy.ts';

const FLOW = { kind: 'shipped', name: 'flow' } as const;
const TINY = tinyPolicy({ kind: 'flow' });

/** A workspace with a run of a task, after a step. */
async function workspaceWithRun(task: string) {
  const workspace = await temporaryWorkspace();
  const { runs } = workspace;
  const policy = { ...TINY, spec: { ...TINY.spec, task } };
  const { id } = await runs.create({ ...FRESH_RUN, spec: policy.spec, training: TINY_TRAINING });
  const blank = policy.weights.map(() => 0);
  const vectors = { weights: blank, moment1: blank, moment2: blank, ema: policy.weights };
  const state = { step: 1, vectors };
  const checkpointSha256 = await runs.writeCheckpoint(id, {
    policy,
    training: TINY_TRAINING,
    state,
  });
  await runs.update(id, { step: 1, checkpointSha256 });
  return { workspace, source: { kind: 'run' as const, id } };
}

it('says what a policy can be asked for: one that ships, and a run', async () => {
  const { workspace, source } = await workspaceWithRun('left-right');
  const unread = { noise: true, instructions: false, picture: null, guidance: false };
  expect((await describePolicy(workspace, source)).abilities).toEqual({
    ...unread,
    inpainting: true,
  });
  const l2 = await describePolicy(workspace, { kind: 'shipped', name: 'l2' });
  expect(l2.abilities).toEqual({ ...unread, noise: false, inpainting: false });
  const seeing = await describePolicy(workspace, { kind: 'shipped', name: 'seeing-flow' });
  expect(seeing.abilities).toEqual({
    noise: true,
    instructions: true,
    picture: 64,
    guidance: true,
    inpainting: true,
  });
});

it('tells another checkpoint of a run from the one before; what ships stays the same', async () => {
  const { workspace, source } = await workspaceWithRun('left-right');
  expect(await revisionOf(workspace, FLOW)).toBe(0);
  expect(await revisionOf(workspace, source)).toBe(1);
  await workspace.runs.update(source.id, { step: 2 });
  expect(await revisionOf(workspace, source)).toBe(2);
});

it('knows what was demonstrated of what ships, and of no run whose dataset is gone', async () => {
  const { workspace, source } = await workspaceWithRun('left-right');
  expect(await demonstratedModes(workspace, FLOW, 'left-right')).toEqual({ left: 1, right: 1 });
  expect(await demonstratedModes(workspace, source, 'left-right')).toBeNull();
});

it('names the policies that ship where a name is neither theirs nor that of a run', async () => {
  const { workspace, source } = await workspaceWithRun('left-right');
  await expect(describePolicy(workspace, { kind: 'run', id: 'flwo' })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(
      new RegExp(`^run: expected one of ${source.id}, got "flwo"; what is no run .* flow,`),
    ),
  });
});

it('refuses a run of a task of another version before anything is measured, and no other', async () => {
  const { workspace, source } = await workspaceWithRun('juggle');
  const compare = (...policies: unknown[]) =>
    planComparison(
      workspace,
      compareRequestSchema.parse({ policies: policies.map((policy) => ({ policy })) }),
    );
  await expect(compare(FLOW, source)).rejects.toMatchObject({
    code: 'conflict',
    message: `run ${source.id}: expected a policy of a task of ${TASKS.map(({ name }) => name).join(', ')}, got "juggle"; it needs a version that has the task`,
  });
  expect((await compare(FLOW)).contenders).toHaveLength(1);
  expect((await workspace.runs.list()).map(({ id }) => id)).toEqual([source.id]);
});

it('dials a policy server only where the person who started this program named it', async () => {
  const server = await startPolicyServer((asked) => holding(asked, 16));
  const source = { kind: 'server', url: server.url } as const;
  const { place } = await temporaryWorkspace();
  const allowing = (...urls: string[]) =>
    openWorkspace({
      ...place,
      policyServers: { urls, observationKeys: 'fp', answerMs: 10_000 },
    });
  for (const workspace of [openWorkspace(place), allowing('ws://127.0.0.1:1')]) {
    await expect(describePolicy(workspace, source)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^policy server: expected one that this program was started/),
    });
  }
  expect(server.connections).toHaveLength(0);
  expect(await describePolicy(allowing(server.url), source)).toMatchObject({ predHorizon: 16 });
  await expect(loadPolicy(allowing(server.url), source)).rejects.toThrow(/trained here/);
});
