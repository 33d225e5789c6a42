import { readdirSync, rmSync } from 'node:fs';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../policies/checkpoint/safetensors.ts';
import type { Engine } from '../../../policies/engine/index.ts';
import type { Metric, Run, TrainRequest } from '../../../server/protocol/index.ts';
import { loadPolicy } from '../../../server/storage/open-policy.ts';
import { PAIR } from '../../support/pair.ts';
import { TINY_READER_SPEC, tinyReader } from '../../support/tiny-reader.ts';
import { engine, trainingBench } from '../../support/training.ts';

vi.setConfig({ testTimeout: 300_000 });

const { workspace, newRun, train, trainUntil, checkpointHash } = await trainingBench();

const SHIPPED_L2 = { kind: 'shipped', name: 'l2' } as const;
const reflowOf = (id: string) =>
  ({ policy: 'reflow', teacher: { kind: 'run', id } }) satisfies Partial<TrainRequest>;

/** An engine whose training steps give something else than a loss from a certain one on. */
function failingEngine(step: number, loss: number): Engine {
  return {
    ...engine,
    compile: async (...args) => {
      const program = await engine.compile(...args);
      let calls = 0;
      return {
        outputShapes: program.outputShapes,
        dispose: () => program.dispose(),
        run: async (...inputs) => {
          const outputs = await program.run(...inputs);
          calls++;
          return calls >= step ? { ...outputs, loss: Float32Array.of(loss) } : outputs;
        },
      };
    },
  };
}

describe('training', () => {
  it('ends with metrics of every step, a checkpoint that acts, and its figures', async () => {
    const { id } = await newRun({});
    const heard: Metric[] = [];
    const run = await train(id, { onMetric: (metric) => heard.push(metric) });
    expect(run).toMatchObject({ status: 'done', step: 6, pid: null, engine: engine.name });
    expect(run.loss).toBe(heard.at(-1)?.loss);
    expect(run.seconds).toBeGreaterThan(0);
    expect(await workspace.runs.read(id)).toEqual(run);
    expect(heard.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await workspace.runs.readMetrics(id)).toEqual(heard);
    const checkpoint = await workspace.runs.readCheckpoint(id);
    expect(checkpoint?.state.step).toBe(6);
    const policy = await loadPolicy(workspace, { kind: 'run', id });
    expect(policy.weights.every((w, i) => w === checkpoint?.state.vectors.ema[i])).toBe(true);
    expect(policy).toMatchObject({ spec: run.spec, observationDim: 14, actionDim: 8 });
  });

  it('says it is running, and in which process, while it does', async () => {
    const { id } = await newRun({ steps: 1 });
    let during: Promise<Run> | null = null;
    await train(id, {
      onMetric: () => {
        during = workspace.runs.read(id);
      },
    });
    expect(await during).toMatchObject({ status: 'running', pid: process.pid });
  });

  it('stopped and resumed learns bit for bit what it learns in one go', async () => {
    const { id: whole } = await newRun({ seed: 5 });
    const { id: parts } = await newRun({ seed: 5 });
    await train(whole);
    const stopped = await trainUntil(parts, 2);
    expect(stopped).toMatchObject({ status: 'stopped', step: 2, pid: null });
    const again = await trainUntil(parts, 4);
    expect(again).toMatchObject({ status: 'stopped', step: 4 });
    expect(await train(parts)).toMatchObject({ status: 'done', step: 6 });
    expect(await checkpointHash(parts)).toBe(await checkpointHash(whole));
    const losses = async (id: string) =>
      (await workspace.runs.readMetrics(id)).map(({ step, loss }) => ({ step, loss }));
    expect(await losses(parts)).toEqual(await losses(whole));
  });

  it('of another seed learns something else', async () => {
    const { id: a } = await newRun({ seed: 5, steps: 1 });
    const { id: b } = await newRun({ seed: 6, steps: 1 });
    await train(a);
    await train(b);
    const [first, second] = [a, b].map((id) => workspace.runs.readCheckpoint(id));
    const weights = async (checkpoint: typeof first) => (await checkpoint)?.state.vectors.weights;
    expect((await weights(first))?.slice(0, 8)).not.toEqual((await weights(second))?.slice(0, 8));
  });

  it('told to stop before it begins keeps a checkpoint to go on from', async () => {
    const { id } = await newRun({ steps: 2 });
    const run = await train(id, { signal: AbortSignal.abort() });
    expect(run).toMatchObject({ status: 'stopped', step: 0 });
    expect((await workspace.runs.readCheckpoint(id))?.state.step).toBe(0);
    expect(await train(id)).toMatchObject({ status: 'done', step: 2 });
  });

  it('forgets the metrics of steps that a killed process made after its checkpoint', async () => {
    const { id } = await newRun({ steps: 4 });
    await trainUntil(id, 2);
    const [metric] = await workspace.runs.readMetrics(id);
    const log = await workspace.runs.openMetrics(id);
    await log.append({ ...metric, step: 3, loss: 999 });
    await log.close();
    await train(id);
    const metrics = await workspace.runs.readMetrics(id);
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(metrics.every(({ loss }) => loss < 999)).toBe(true);
  });
});

describe('what a training leaves', () => {
  it('is vouched for: run.json names the checkpoint and the last line of the metrics', async () => {
    const { id } = await newRun({ steps: 3 });
    const run = await train(id);
    expect((await workspace.runs.readCheckpoint(id))?.digest).toBe(run.checkpointSha256);
    const lines = await readFile(join(workspace.runs.root, id, 'metrics.jsonl'), 'utf8');
    expect(JSON.parse(lines.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      chain: run.metricsChain,
    });
  });

  it('is gone on with where only its curve was damaged, which is said once', async () => {
    const { id: whole } = await newRun({ steps: 4, seed: 8 });
    const { id: parts } = await newRun({ steps: 4, seed: 8 });
    await train(whole);
    await trainUntil(parts, 2);
    const path = join(workspace.runs.root, parts, 'metrics.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, [lines[0], lines[1].replace('"step":2', '"step":3'), ''].join('\n'));
    await expect(workspace.runs.readMetrics(parts)).rejects.toThrow('line 2: expected chain');
    await trainUntil(parts, 3);
    const done = await train(parts);
    expect(done.status).toBe('done');
    expect(done.warnings.filter((text) => text.includes('was damaged'))).toHaveLength(1);
    const steps = (await workspace.runs.readMetrics(parts)).map(({ step }) => step);
    expect(steps).toEqual([1, 3, 4]);
    expect(await checkpointHash(parts)).toBe(await checkpointHash(whole));
  });

  it('is not touched any more by a trainer that lost the run meanwhile', async () => {
    const { id } = await newRun({ steps: 6 });
    const directory = join(workspace.runs.root, id);
    let taken: Promise<Run> | null = null;
    const onMetric = ({ step }: Metric) => {
      if (step !== 3) return;
      // As whoever takes a lock away does, after its holder was held up for too long.
      const locks = join(directory, '.locks');
      for (const name of readdirSync(locks)) rmSync(join(locks, name));
      taken = workspace.runs.update(id, { error: 'taken over' });
    };
    await expect(train(id, { onMetric })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`run ${id}: `),
    });
    // Written before it is read: the record is left as whoever took the run over wrote it.
    const left = await taken;
    expect(await workspace.runs.read(id)).toEqual(left);
    expect(await readdir(directory)).not.toContain('checkpoint.safetensors');
  });

  it('of the version before is read, and gone on with to the same bits', async () => {
    const { id: whole } = await newRun({ steps: 4, seed: 7 });
    const { id: parts } = await newRun({ steps: 4, seed: 7 });
    await train(whole);
    await trainUntil(parts, 2);
    const directory = join(workspace.runs.root, parts);
    await writeAsBefore(directory);
    expect(await workspace.runs.readMetrics(parts)).toHaveLength(2);
    expect(await workspace.runs.readCheckpoint(parts)).toMatchObject({ digest: null });
    expect(await train(parts)).toMatchObject({ status: 'done', warnings: expect.any(Array) });
    expect(await workspace.runs.readMetrics(parts)).toHaveLength(4);
    expect(await checkpointHash(parts)).toBe(await checkpointHash(whole));
  });
});

/** Takes all digests out of a run's files, which the version before did not have. */
async function writeAsBefore(directory: string): Promise<void> {
  const edit = async (name: string, change: (text: string) => string) => {
    const path = join(directory, name);
    await writeFile(path, change(await readFile(path, 'utf8')));
  };
  await edit('run.json', (text) =>
    text.replace(/,\n {2}"(sha256|checkpointSha256|metricsChain)": "\w*"/g, ''),
  );
  await edit('metrics.jsonl', (text) => text.replaceAll(/,"chain":"\w+"/g, ''));
  const path = join(directory, 'checkpoint.safetensors');
  const { tensors, metadata } = decodeSafetensors(await readFile(path));
  const { sha256: _, ...rest } = Object.fromEntries(metadata);
  const before = new Map(Object.entries({ ...rest, format: '1' }));
  await writeFile(path, encodeSafetensors({ tensors, metadata: before }));
}

describe('a reflow', () => {
  it('is the network of its teacher, trained on the noise and chunks of its teacher', async () => {
    const teacher = await newRun({ steps: 3, seed: 2 });
    await train(teacher.id);
    const run = await newRun({ ...reflowOf(teacher.id), steps: 4 });
    expect(run.spec).toEqual({
      ...teacher.spec,
      objective: { kind: 'flow', coupling: 'reflow', time: 'start' },
    });
    const done = await train(run.id);
    expect(done).toMatchObject({ status: 'done', step: 4 });
    expect(done.straightness?.before).toBeGreaterThan(0);
    expect(done.straightness?.after).not.toBe(done.straightness?.before);
    const [from, to] = await Promise.all(
      [teacher.id, run.id].map((id) => loadPolicy(workspace, { kind: 'run', id })),
    );
    expect(to.actionRange).toEqual(from.actionRange);
    expect(to.weights).not.toEqual(from.weights);

    // Resumed it draws the same pairs, so it ends in the same bits.
    const parts = await newRun({ ...reflowOf(teacher.id), steps: 4 });
    await trainUntil(parts.id, 2);
    await train(parts.id);
    expect(await checkpointHash(parts.id)).toBe(await checkpointHash(run.id));
  });

  it('learns from the flow that ships where no teacher is named', async () => {
    const run = await newRun({ policy: 'reflow' });
    expect(run.teacher).toMatchObject({ source: { kind: 'shipped', name: 'flow' } });
    expect(run.teacher?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('stops when told to while it draws its pairs', async () => {
    const { id } = await newRun({ policy: 'reflow' });
    expect(await train(id, { signal: AbortSignal.abort() })).toMatchObject({
      status: 'stopped',
      step: 0,
    });
  });

  it('is refused when its teacher has learnt more since', async () => {
    const teacher = await newRun({ steps: 4 });
    await trainUntil(teacher.id, 2);
    const { id } = await newRun({ ...reflowOf(teacher.id), steps: 2 });
    await train(teacher.id);
    await expect(train(id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/expected teacher .* as it was when .*start a new run/),
    });
  });

  it('does not learn from a flow that reads', async () => {
    const { id } = await workspace.runs.create({
      ...(await newRun({})),
      spec: TINY_READER_SPEC,
      status: 'done',
    });
    const policy = tinyReader();
    const zeros = () => new Float32Array(policy.weights.length);
    const vectors = { weights: zeros(), moment1: zeros(), moment2: zeros(), ema: zeros() };
    const { training } = await workspace.runs.read(id);
    await workspace.runs.writeCheckpoint(id, { policy, training, state: { step: 1, vectors } });
    await expect(newRun(reflowOf(id))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('expected a flow that acts from numbers alone'),
    });
  });

  it('learns only from a flow, and others from nobody', async () => {
    await expect(newRun({ policy: 'reflow', teacher: SHIPPED_L2 })).rejects.toThrow(
      'teacher l2: expected a flow, whose chunks follow from their noise, got regression',
    );
    await expect(newRun({ policy: 'flow', teacher: SHIPPED_L2 })).rejects.toThrow(
      'only reflow learns from another policy, got one for flow',
    );
  });
});

describe('the times of a flow', () => {
  it('are drawn as asked for', async () => {
    const run = await newRun({ policy: 'flow', flowTime: 'beta', steps: 2 });
    expect(run.spec.objective).toEqual({ kind: 'flow', time: 'beta' });
    expect(await train(run.id)).toMatchObject({ status: 'done' });
  });

  it('are refused for what has none', async () => {
    await expect(newRun({ policy: 'l2', flowTime: 'beta' })).rejects.toThrow(
      'flow time: only flow and reflow have one, got "beta" for l2',
    );
  });
});

describe('what a diffusion predicts', () => {
  it('is the clean chunk where that is asked for, in its checkpoint too', async () => {
    const { id } = await newRun({ policy: 'diffusion', prediction: 'data', steps: 2 });
    expect(await train(id)).toMatchObject({ status: 'done' });
    const { spec } = await loadPolicy(workspace, { kind: 'run', id });
    expect(spec.objective).toEqual({ kind: 'diffusion', steps: 100, prediction: 'data' });
  });

  it('is refused for what predicts one thing only', async () => {
    await expect(newRun({ policy: 'flow', prediction: 'data' })).rejects.toThrow(
      'prediction: only diffusion chooses one, got "data" for flow',
    );
  });

  it('is part of what weights mean: others cannot go on from them', async () => {
    await expect(
      newRun({
        policy: 'diffusion',
        prediction: 'data',
        from: { kind: 'shipped', name: 'diffusion' },
      }),
    ).rejects.toThrow(/noise and answer, .*"prediction":"data".*got .*"prediction":"v"/);
  });
});

describe('training that cannot go on', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'because its loss is %d fails, and leaves its last checkpoint as it was',
    async (loss) => {
      const { id } = await newRun({ steps: 4 });
      await trainUntil(id, 2);
      const before = await checkpointHash(id);
      await expect(train(id, { engine: failingEngine(2, loss) })).rejects.toThrow(
        `step 4: expected a finite loss and gradient, got ${loss}`,
      );
      const run = await workspace.runs.read(id);
      expect(run).toMatchObject({ status: 'failed', pid: null, step: 2 });
      expect(run.error).toContain('step 4');
      expect(await checkpointHash(id)).toBe(before);
      expect(await train(id)).toMatchObject({ status: 'done', step: 4, error: null });
    },
  );

  it('because the dataset has grown is refused with the cure', async () => {
    const dataset = await workspace.datasets.create('growing', {
      task: 'left-right',
      controlHz: 20,
    });
    await dataset.append(PAIR);
    const { id } = await newRun({ dataset: 'growing', steps: 4 });
    const stopped = await trainUntil(id, 2);
    const before = await checkpointHash(id);
    await dataset.append([PAIR[0]]);
    await expect(train(id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/2 episodes, .* got 3 episodes, .*start a new run on it/),
    });
    expect(await checkpointHash(id)).toBe(before);
    expect(await workspace.runs.read(id)).toEqual(stopped);
  });

  it('because its checkpoint is damaged says so and does not begin anew', async () => {
    const { id } = await newRun({ steps: 4 });
    await trainUntil(id, 2);
    const path = join(workspace.runs.root, id, 'checkpoint.safetensors');
    await truncate(path, 1000);
    await expect(train(id)).rejects.toMatchObject({ code: 'damaged' });
    expect(await workspace.runs.read(id)).toMatchObject({ status: 'failed', step: 2 });
    expect((await stat(path)).size).toBe(1000);
  });
});

it('a run without a checkpoint cannot act yet', async () => {
  const { id } = await newRun({});
  await expect(loadPolicy(workspace, { kind: 'run', id })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('wait for its first one'),
  });
});
