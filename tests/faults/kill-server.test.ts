/** The server is killed as a power cut would: nothing it was doing gets a last word. */
import type { Socket } from 'socket.io-client';
import { describe, expect, it, vi } from 'vitest';
import { verifyDataset } from '../../server/datasets/datasets.ts';
import type { Metric, Run } from '../../server/protocol/index.ts';
import { loadPolicy } from '../../server/storage/open-policy.ts';
import { workspaceWithPair } from '../support/pair.ts';
import { childrenOf, hasGone, isRunning } from '../support/processes.ts';
import { expectKept, keepSaving } from '../support/recordings.ts';
import { ask, connect, endServer, type ServerProcess, startServer } from '../support/server.ts';
import { demonstrateMode, rapier } from '../support/simulation.ts';
import { temporaryWorkspace } from '../support/temporary.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 300_000 });

/** Kills the server and waits until its child processes have ended as well. */
async function killServer(server: ServerProcess): Promise<number[]> {
  const workers = childrenOf(server.pid);
  expect(workers.length).toBeGreaterThan(0);
  await endServer(server, 'SIGKILL');
  await until(() => !workers.some(isRunning), 'all workers to end with the server');
  return workers;
}

function runIn(runs: readonly Run[], id: string): Run | undefined {
  return runs.find((run) => run.id === id);
}

/** Metrics of a run as the server tells of them. */
function listen(socket: Socket): Metric[] {
  const metrics: Metric[] = [];
  socket.on('metric', (_: string, metric: Metric) => metrics.push(metric));
  return metrics;
}

describe('a server killed while it trains', () => {
  it('leaves a run that is interrupted, with a checkpoint that acts and can be gone on from', async () => {
    const workspace = await workspaceWithPair();
    const { data } = workspace.place;
    const first = await startServer(data);
    const socket = await connect(first.url);
    const metrics = listen(socket);
    const request = { policy: 'flow', dataset: 'pair', steps: 1200 } as const;
    const { id } = await ask(socket, 'train:start', request);
    await until(() => metrics.length > 0, 'metrics');
    await ask(socket, 'train:stop', { id });
    const stopped = await until(async () => {
      const run = await workspace.runs.read(id);
      return run.status === 'stopped' && run;
    }, 'the run to stop');
    await ask(socket, 'train:resume', { id });
    await until(() => metrics.some(({ step }) => step > stopped.step), 'metrics after the resume');
    expect(await workspace.runs.read(id)).toMatchObject({ status: 'running' });
    const workers = await killServer(first);
    await until(() => workers.every(hasGone), 'the system to take note');

    const second = await startServer(data);
    const again = await connect(second.url);
    const { runs, jobs } = await ask(again, 'hello', {});
    expect(runIn(runs, id)).toMatchObject({ status: 'interrupted', pid: null });
    expect(jobs).toEqual([]);
    const checkpoint = await workspace.runs.readCheckpoint(id);
    expect(checkpoint?.state.step).toBeGreaterThanOrEqual(stopped.step);
    expect((await loadPolicy(workspace, { kind: 'run', id })).spec).toEqual(stopped.spec);
    const heard = listen(again);
    await ask(again, 'train:resume', { id });
    await until(() => heard.length > 0, 'metrics of the resumed run');
    const kept = checkpoint?.state.step ?? 0;
    expect(heard[0].step).toBeGreaterThan(kept);
    expect(heard[0].step).toBeLessThanOrEqual(kept + 3);
    const steps = (await ask(again, 'run:metrics', { id })).map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    await endServer(second, 'SIGTERM');
    expect(await workspace.runs.read(id)).toMatchObject({ status: 'stopped', pid: null });
  });
});

describe('a server killed while recordings are saved', () => {
  it('has kept every one it accepted, and each replays to the same state', async () => {
    const workspace = await temporaryWorkspace();
    const server = await startServer(workspace.place.data);
    const socket = await connect(server.url);
    const saving = keepSaving(socket);
    const third = () => saving.accepted.length >= 2 && saving.underWay;
    await until(third, 'a third recording under way');
    await killServer(server);
    socket.disconnect();
    await saving.ended;
    await expectKept(workspace, saving);
  });
});

describe('a server killed while it makes demonstrations', () => {
  it('leaves a dataset that opens and verifies, and takes further work', async () => {
    const workspace = await temporaryWorkspace();
    const server = await startServer(workspace.place.data);
    const socket = await connect(server.url);
    await ask(socket, 'demos:generate', { episodes: 10_000, out: 'cut' });
    const committed = async () => {
      const listing = (await workspace.datasets.list()).find(({ name }) => name === 'cut');
      return listing?.info?.episodes ?? 0;
    };
    await until(async () => (await committed()) > 0, 'the first commit');
    await killServer(server);
    const dataset = await workspace.datasets.open('cut');
    const before = dataset.info.episodes;
    expect(before).toBeGreaterThan(0);
    let verified = 0;
    for await (const { ok } of verifyDataset(rapier, dataset)) {
      expect(ok).toBe(true);
      verified++;
    }
    expect(verified).toBe(before);
    await dataset.append([demonstrateMode('left', 1)]);
    expect((await workspace.datasets.open('cut')).info.episodes).toBe(before + 1);
  });
});

it('a server told to end stops its work with what it has', async () => {
  const workspace = await workspaceWithPair();
  const server = await startServer(workspace.place.data);
  const socket = await connect(server.url);
  const metrics = listen(socket);
  const request = { policy: 'l2', dataset: 'pair', steps: 1200 } as const;
  const { id } = await ask(socket, 'train:start', request);
  await until(() => metrics.length > 0, 'metrics');
  const workers = childrenOf(server.pid);
  expect(await endServer(server, 'SIGTERM')).toBe(0);
  const run = await workspace.runs.read(id);
  expect(run).toMatchObject({ status: 'stopped', pid: null });
  expect(run.step).toBeGreaterThan(0);
  expect((await workspace.runs.readCheckpoint(id))?.state.step).toBe(run.step);
  await until(() => !workers.some(isRunning), 'all workers to end');
});
