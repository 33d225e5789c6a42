/** Two processes that would train one run; in one they cannot ask after each other. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { LEASE } from '../../demos/files/index.ts';
import { trainRequestSchema } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { createRun } from '../../server/training/create-run.ts';
import { CLI, cli, outputOf, startCli } from '../support/cli.ts';
import { workspaceWithPair } from '../support/pair.ts';
import { childrenOf, isRunning } from '../support/processes.ts';
import { until } from '../support/until.ts';

vi.setConfig({ testTimeout: 300_000 });

const NAMESPACE = ['--pid', '--fork', '--mount-proc', '--kill-child'];

/** Whether this user may make pid namespaces, as containers have them. */
function mayUnshare(): boolean {
  try {
    execFileSync('unshare', [...NAMESPACE, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function workspaceWithRun(): Promise<Workspace & { readonly id: string }> {
  const workspace = await workspaceWithPair();
  const request = trainRequestSchema.parse({ policy: 'l2', dataset: 'pair', steps: 4000 });
  const { id } = await createRun(workspace.runs, workspace.datasets, request);
  return { ...workspace, id };
}

/** Dates the locks back: nobody renews them meanwhile. */
async function letTimePass(locks: string, ms: number): Promise<void> {
  for (const name of await readdir(locks)) {
    const path = join(locks, name);
    const past = ((await stat(path)).mtimeMs - ms) / 1000;
    await utimes(path, past, past);
  }
}

async function untilItTrains({ runs, id }: Workspace & { readonly id: string }): Promise<void> {
  await until(async () => (await runs.readMetrics(id)).length > 0, 'metrics');
}

describe('a run that is trained', () => {
  it('is free as soon as its trainer on this machine is killed', async () => {
    const workspace = await workspaceWithRun();
    const { runs, id, place } = workspace;
    const trainer = startCli(['train', '--resume', id, '--data', place.data]);
    outputOf(trainer);
    await untilItTrains(workspace);
    const processes = [trainer.pid ?? 0, ...childrenOf(trainer.pid ?? 0)];
    await expect(runs.hold(id)).rejects.toMatchObject({ code: 'conflict' });
    for (const pid of processes) process.kill(pid, 'SIGKILL');
    await until(() => !processes.some(isRunning), 'the trainer to end');
    await (await runs.hold(id)).release();
  });

  it.skipIf(!mayUnshare())(
    'in one container is refused in another while it lives, and free within the lease after',
    async () => {
      const workspace = await workspaceWithRun();
      const { runs, id, place } = workspace;
      const train = [CLI, 'train', '--resume', id, '--data', place.data];
      const inNamespace = () =>
        spawn('unshare', [...NAMESPACE, process.execPath, ...train], {
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      const first = inNamespace();
      outputOf(first);
      await untilItTrains(workspace);

      const second = inNamespace();
      const said = outputOf(second);
      const [code] = await once(second, 'close');
      expect(code).toBe(1);
      expect(said.stderr).toMatch(/expected one to go on with, .*of another machine or container/);
      const here = await cli(...train.slice(1));
      expect(here.code).toBe(1);
      expect(await runs.read(id)).toMatchObject({ status: 'running', error: null });

      first.kill('SIGKILL');
      await once(first, 'close');
      await expect(runs.hold(id)).rejects.toMatchObject({ code: 'conflict' });
      await letTimePass(join(runs.root, id, '.locks'), LEASE);
      await (await runs.hold(id)).release();
    },
  );
});
