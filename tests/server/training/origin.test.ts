import { beforeAll, describe, expect, it } from 'vitest';
import { presetPolicy } from '../../../policies/config/index.ts';
import { createNetwork, networkShape } from '../../../policies/networks/create.ts';
import { readingAnew } from '../../../policies/training/trainer.ts';
import { type Run, trainRequestSchema } from '../../../server/protocol/index.ts';
import { loadPolicy } from '../../../server/storage/open-policy.ts';
import { loadShipped, type Workspace } from '../../../server/storage/workspace.ts';
import { createRun, prolong } from '../../../server/training/create-run.ts';
import { readsOtherwise } from '../../../server/training/origin.ts';
import { trainRun } from '../../../server/training/train.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';

const engine = keepingEngine();

let workspace: Workspace;
beforeAll(async () => {
  workspace = await temporaryWorkspace();
  const dataset = await workspace.datasets.create('pair', { task: 'left-right', controlHz: 20 });
  await dataset.append([demonstrateMode('left', 1), demonstrateMode('right', 1)]);
});

function newRun(request: object): Promise<Run> {
  const { runs, datasets } = workspace;
  const defaults = { policy: 'flow', dataset: 'pair', steps: 2 };
  return createRun(runs, datasets, trainRequestSchema.parse({ ...defaults, ...request }));
}

function train(id: string): Promise<Run> {
  return trainRun(workspace.runs, workspace.datasets, id, { engine });
}

const shipped = (name: string) => ({ kind: 'shipped', name });

describe('a run that begins with the weights of a policy', () => {
  it('errs from its first step on as little as that policy, and keeps its units', async () => {
    const fresh = await newRun({ steps: 1 });
    const tuned = await newRun({ steps: 1, from: shipped('flow') });
    const losses = [];
    for (const { id } of [fresh, tuned]) losses.push((await train(id)).loss ?? Number.NaN);
    // Untrained, the loss is the spread of the velocity, about 1.3; two demonstrations, 64 windows.
    expect(losses[0]).toBeGreaterThan(1);
    expect(losses[1]).toBeLessThan(0.1);

    const flow = await loadShipped('flow');
    const after = await loadPolicy(workspace, { kind: 'run', id: tuned.id });
    expect(after.actionRange).toEqual(flow.actionRange);
    expect(after.observationRange).toEqual(flow.observationRange);
  });

  it('says whose weights they were, and is refused when these have changed since', async () => {
    const first = await newRun({ steps: 2 });
    await train(first.id);
    const from = { kind: 'run', id: first.id };
    const next = await newRun({ from });
    expect(next.from?.source).toEqual(from);
    const { policy, training, state } = (await workspace.runs.readCheckpoint(first.id)) ?? {};
    if (!policy || !training || !state) throw new Error('expected a checkpoint');
    const ema = state.vectors.ema.map((weight) => weight + 1);
    const checkpointSha256 = await workspace.runs.writeCheckpoint(first.id, {
      policy: { ...policy, weights: ema },
      training,
      state: { ...state, vectors: { ...state.vectors, ema } },
    });
    await workspace.runs.update(first.id, { checkpointSha256 });
    await expect(train(next.id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/expected beginning .* as it was when the run began/),
    });
  });

  it('goes on to the same bits when it is resumed, whatever has become of that policy', async () => {
    const first = await newRun({ steps: 1 });
    await train(first.id);
    const request = { steps: 4, from: { kind: 'run', id: first.id } };
    const [whole, parts] = [await newRun(request), await newRun(request)];
    await train(whole.id);
    const stop = new AbortController();
    await trainRun(workspace.runs, workspace.datasets, parts.id, {
      engine,
      signal: stop.signal,
      onMetric: () => stop.abort(),
    });
    await prolong(workspace.runs, first.id, 3);
    await train(first.id);
    expect(await train(parts.id)).toMatchObject({ status: 'done', step: 4 });
    const [expected, got] = await Promise.all(
      [whole, parts].map(({ id }) => workspace.runs.readCheckpoint(id)),
    );
    // Of all that the checkpoint holds: weights, moments, averages and step.
    expect(got?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(got?.digest).toBe(expected?.digest);
  });

  it('learns words anew where it reads with an encoder from outside, and keeps all else', async () => {
    const files = { name: 'tiny.onnx', model: 'a'.repeat(64), tokenizer: 'b'.repeat(64) };
    const readable = { vocabulary: ['red'], observed: [{ name: 'state', size: 8 }] };
    const task = { task: 'left-right-colour', controlHz: 20 } as const;
    const before = presetPolicy('quick', 'flow', { ...task, readable });
    const encoder = { ...files, features: 3 };
    const after = presetPolicy('quick', 'flow', { ...task, readable: { ...readable, encoder } });
    expect(readsOtherwise(before, after)).toBe(true);
    expect(readsOtherwise(after, before)).toBe(false);
    expect(readsOtherwise(after, after)).toBe(false);
    const [other, network] = [before, after].map((spec) =>
      createNetwork(spec, networkShape(spec, { observationDim: 8, actionDim: 8 })),
    );
    const weights = Float32Array.from({ length: other.table.size }, (_, i) => i + 1);
    const anew = readingAnew(network, { network: other, weights }, 0);
    const was = new Map(other.table.places().map((each) => [each.name, each]));
    for (const { name, offset, size } of network.table.places()) {
      const values = anew.subarray(offset, offset + size);
      const there = was.get(name);
      if (name.startsWith('text.'))
        expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1);
      else expect(values[0]).toBe(there && there.offset + 1);
    }
  });

  it('waits for the end of a run that is being trained', async () => {
    const first = await newRun({});
    await expect(newRun({ from: { kind: 'run', id: first.id } })).rejects.toThrow(
      `run ${first.id}: expected one whose weights no longer change, got one that is queued`,
    );
  });

  it.each([
    ['another policy', { from: shipped('l2') }, 'expected the new run\'s policy, "flow", got "l2"'],
    [
      'another task',
      { from: shipped('seeing-flow') },
      'task, "left-right", got "left-right-colour"',
    ],
    ['another network', { preset: 'standard', from: shipped('flow') }, 'channels":[64,128,256]'],
    ['a teacher as well', { policy: 'reflow', from: shipped('flow') }, 'name that with teacher'],
  ])('is refused those of %s', async (_, request, message) => {
    await expect(newRun(request)).rejects.toThrow(message);
  });
});
