/** A service manager and a closed terminal send their signals to all processes at once. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { Metric } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { cli, outputOf, startCli } from '../support/cli.ts';
import { addPair, workspaceWithPair } from '../support/pair.ts';
import { childrenOf } from '../support/processes.ts';
import { ask, connect, endServer, startServer } from '../support/server.ts';
import { temporaryWorkspace } from '../support/temporary.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 300_000 });

async function expectStoppedWithCheckpoint({ runs }: Workspace, id: string): Promise<void> {
  const run = await runs.read(id);
  expect(run).toMatchObject({ status: 'stopped', pid: null });
  expect(run.step).toBeGreaterThan(0);
  expect((await runs.readCheckpoint(id))?.state.step).toBe(run.step);
}

it('a run that a server trains is trained by no other process, and survives SIGHUP and SIGTERM to all', async () => {
  const workspace = await workspaceWithPair();
  const { data } = workspace.place;
  const server = await startServer(data);
  const socket = await connect(server.url);
  let heard = 0;
  socket.on('metric', (_: string, _metric: Metric) => heard++);
  const request = { policy: 'l2', dataset: 'pair', steps: 1200 } as const;
  const { id } = await ask(socket, 'train:start', request);
  await until(() => heard > 0, 'metrics');
  const other = await cli('train', '--resume', id, '--data', data);
  expect(other.code).toBe(1);
  expect(other.stderr).toMatch(/expected one to go on with, it is running; .*got process \d+/);
  expect(await workspace.runs.read(id)).toMatchObject({ status: 'running', error: null });
  for (const pid of childrenOf(server.pid)) {
    process.kill(pid, 'SIGHUP');
    process.kill(pid, 'SIGTERM');
  }
  expect(await endServer(server, 'SIGTERM')).toBe(0);
  await expectStoppedWithCheckpoint(workspace, id);
});

/** A training from the command line that has made some steps of many. */
async function startTraining(steps = 2000) {
  const workspace = await workspaceWithPair();
  const { data } = workspace.place;
  const options = ['--policy', 'l2', '--dataset', 'pair', '--steps', `${steps}`, '--data', data];
  const child = startCli(['train', ...options, '--json']);
  const output = outputOf(child);
  const closed = once(child, 'close');
  const { id } = await until(async () => {
    const [run] = await workspace.runs.list();
    return run && (await workspace.runs.readMetrics(run.id)).length > 0 && run;
  }, 'metrics');
  return { workspace, child, output, closed, id };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a training from the command line that %s asks to end keeps a checkpoint',
  async (signal) => {
    const { workspace, child, output, closed, id } = await startTraining();
    for (const pid of childrenOf(child.pid ?? 0)) process.kill(pid, signal);
    child.kill(signal);
    expect(await closed).toEqual([130, null]);
    expect(output.stderr).toContain(`stopping ${id} with a checkpoint`);
    expect(JSON.parse(output.stdout)).toMatchObject({ id, status: 'stopped' });
    await expectStoppedWithCheckpoint(workspace, id);
  },
);

it('a Ctrl-C that npm passes on once more is one, and lets the training keep its checkpoint', async () => {
  const { workspace, child, closed, id } = await startTraining();
  child.kill('SIGINT');
  child.kill('SIGINT');
  expect(await closed).toEqual([130, null]);
  await expectStoppedWithCheckpoint(workspace, id);
});

it('a training whose progress nobody reads any more keeps a checkpoint', async () => {
  // It hears of it with the next line, a tenth of the steps later.
  const { workspace, child, output, closed, id } = await startTraining(600);
  child.stderr?.destroy();
  expect(await closed).toEqual([130, null]);
  expect(JSON.parse(output.stdout)).toMatchObject({ id, status: 'stopped' });
  await expectStoppedWithCheckpoint(workspace, id);
});

it('a server whose output nobody reads any more serves on, trains on, and ends well with SIGHUP', async () => {
  const workspace = await temporaryWorkspace();
  await addPair(workspace);
  const { data } = workspace.place;
  // Programs cannot be kept: the children say so on standard error.
  await writeFile(join(data, 'programs'), '');
  const server = await startServer(data);
  server.process.stdout?.destroy();
  server.process.stderr?.destroy();
  const socket = await connect(server.url);
  const { id } = await ask(socket, 'train:start', { policy: 'l2', dataset: 'pair', steps: 20 });
  await until(async () => (await workspace.runs.read(id)).status === 'done', 'the training');
  expect((await fetch(new URL('/health', server.url))).status).toBe(200);
  expect(await endServer(server, 'SIGHUP')).toBe(0);
});
