import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reportError } from '../../../server/error-report.ts';
import { type RunningWork, startWork, type WorkOptions } from '../../../server/jobs/process.ts';
import type { Work, WorkKind } from '../../../server/jobs/work.ts';
import {
  type GenerateRequest,
  generateRequestSchema,
  trainRequestSchema,
} from '../../../server/protocol/index.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { createRun } from '../../../server/training/create-run.ts';
import { childrenOf, isRunning } from '../../support/processes.ts';
import { recordInBrowser } from '../../support/recordings.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const LONG = 10_000;

const started: RunningWork<WorkKind>[] = [];
afterEach(async () => {
  for (const work of started.splice(0)) {
    work.kill();
    await work.result.catch(() => {});
  }
});

function begin<K extends WorkKind>(
  kind: K,
  input: Work[K]['input'],
  onProgress?: (progress: Work[K]['progress']) => void,
  options?: WorkOptions,
): RunningWork<K> {
  const work = startWork(kind, input, onProgress, options);
  started.push(work);
  // A test may be over before its work is: nobody is then left to hear how it ended.
  work.result.catch(() => {});
  return work;
}

function request(changes: Partial<GenerateRequest> = {}): GenerateRequest {
  return generateRequestSchema.parse({ episodes: 1, out: 'made', ...changes });
}

/** Begins work that takes minutes, and waits until it is under way. */
async function beginLong({ place }: Workspace): Promise<RunningWork<'generate'>> {
  let done = 0;
  const work = begin('generate', { place, request: request({ episodes: LONG }) }, (count) => {
    done = count;
  });
  await until(() => done > 0, 'the first episode');
  return work;
}

describe('work in a child process', () => {
  it('reports its progress, gives its result and leaves no process behind', async () => {
    const before = childrenOf(process.pid);
    const { place, datasets } = await temporaryWorkspace();
    const progress: number[] = [];
    const work = begin('generate', { place, request: request({ episodes: 2 }) }, (done) =>
      progress.push(done),
    );
    const summary = await work.result;
    expect(summary).toMatchObject({ name: 'made', episodes: 2 });
    expect(progress).toEqual([1, 2]);
    expect((await datasets.open('made')).hash).toBe(summary.hash);
    const left = () => childrenOf(process.pid).filter((pid) => !before.includes(pid));
    await until(() => left().length === 0, 'the child process to end');
    // It has nobody to tell any more.
    work.stop();
    work.kill();
    await expect(work.result).resolves.toEqual(summary);
  });

  it('carries arrays of numbers there as they are', async () => {
    const { place, datasets } = await temporaryWorkspace();
    const { recording, commands } = recordInBrowser();
    const { episode } = await begin('accept', { place, recording, commands }).result;
    expect(episode.replayHash).toBe(recording.replayHash);
    const [stored] = await (await datasets.open('mine')).readAll();
    expect(stored.command).toEqual(commands);
  });

  it.each<[string, Partial<GenerateRequest>, string, string]>([
    ['an unknown task', { task: 'juggle' }, 'invalid-request', 'expected one of left-right'],
    ['a name that is taken', { out: 'taken' }, 'exists', 'expected a name that is free'],
  ])('carries the code and message of %s back', async (_, changes, code, message) => {
    const { place, datasets } = await temporaryWorkspace();
    await datasets.create('taken', { task: 'left-right', controlHz: 20 });
    const work = begin('generate', { place, request: request(changes) });
    await expect(work.result).rejects.toMatchObject({
      name: 'ProtocolError',
      code,
      message: expect.stringContaining(message),
    });
  });

  it('that finds no engine to train with leaves a run that says so', async () => {
    const { place, datasets, runs } = await temporaryWorkspace();
    const dataset = await datasets.create('pair', { task: 'left-right', controlHz: 20 });
    await dataset.append([demonstrateMode('left', 1)]);
    const request = trainRequestSchema.parse({ policy: 'flow', dataset: 'pair', steps: 1 });
    const { id } = await createRun(runs, datasets, request);
    const work = begin('train', { place: { ...place, engine: 'tensorflow' }, run: id });
    const error = await work.result.then(() => null, reportError);
    expect(error?.message).toContain('@tensorflow/tfjs-node-gpu');
    expect(await runs.read(id)).toMatchObject({ status: 'failed', error: error?.message });
  });

  it('gives way to what people look at where it is done in the background', async () => {
    const { place } = await temporaryWorkspace();
    const before = childrenOf(process.pid);
    const input = { place, request: request({ episodes: LONG }) };
    const work = begin('generate', input, undefined, { background: true });
    const [child] = childrenOf(process.pid).filter((pid) => !before.includes(pid));
    expect(getPriority(child)).toBe(constants.priority.PRIORITY_LOW);
    work.kill();
  });

  it('told to stop ends soon, with what it has', async () => {
    const workspace = await temporaryWorkspace();
    const work = await beginLong(workspace);
    work.stop();
    const { episodes } = await work.result;
    expect(episodes).toBeGreaterThan(0);
    expect(episodes).toBeLessThan(LONG);
    expect((await workspace.datasets.open('made')).info.episodes).toBe(episodes);
  });

  it('killed has failed, and says how it ended', async () => {
    const work = await beginLong(await temporaryWorkspace());
    work.kill();
    await expect(work.result).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('SIGKILL'),
    });
  });
});

it('a child process ends when its parent is killed', async () => {
  const { place } = await temporaryWorkspace();
  const script = fileURLToPath(new URL('../../support/parent-of-worker.mjs', import.meta.url));
  const parent = spawn(process.execPath, [script, place.data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(parent.stdout, 'data');
    const children = childrenOf(parent.pid ?? 0);
    expect(children).toHaveLength(1);
    parent.kill('SIGKILL');
    await until(() => !children.some(isRunning), 'the worker to end with its parent');
  } finally {
    parent.kill('SIGKILL');
  }
});
