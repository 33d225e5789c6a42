/**
 * Whatever is killed, whenever: nothing that was acknowledged is lost, and what is gone on with ends in
 * the bytes it would have ended in. A few kills of each kind; KILLS=60 for as many in all.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { digestOf } from '../../policies/digest.ts';
import type { Run } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { cli, startCli } from '../support/cli.ts';
import { workspaceWithPair } from '../support/pair.ts';
import { childrenOf, isRunning } from '../support/processes.ts';
import { expectKept, keepSaving } from '../support/recordings.ts';
import { newRun } from '../support/runs.ts';
import { ask, connect, startServer } from '../support/server.ts';
import { temporaryDirectory, temporaryWorkspace, workspaceAt } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const ROUNDS = Math.ceil(Number(process.env.KILLS ?? 4) / 4);
vi.setConfig({ testTimeout: ROUNDS * 300_000, hookTimeout: 300_000 });

/** As many as points of a curve: a run that is resumed then has the same ones. */
const STEPS = 400;
/** A run that waits, the same each time. */
const waitingRun = (workspace: Workspace) => newRun(workspace, { policy: 'l2', steps: STEPS });
const resume = ({ id }: Run, { place }: Workspace) => {
  return ['train', '--resume', id, '--data', place.data];
};

/** Ends a process and all it has started, as a power cut would. */
async function killAll(child: ChildProcess): Promise<void> {
  const pids = [...childrenOf(child.pid ?? 0), child.pid ?? 0];
  const gone = child.exitCode === null ? once(child, 'exit') : null;
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It has just ended by itself.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  await gone;
  await until(() => !pids.some(isRunning), 'all of them to have ended');
}

/** Lets it run for a part of the time it takes. */
function killWithin(child: ChildProcess, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(() => killAll(child).then(resolve, reject), Math.random() * ms);
  });
}

/** What an uninterrupted training ends in. */
interface Ending {
  readonly weights: string;
  readonly moments: readonly string[];
  readonly curve: readonly number[];
  /** How long it took, ms. */
  readonly duration: number;
}

async function endingOf({ runs }: Workspace, id: string, duration = 0): Promise<Ending> {
  const checkpoint = await runs.readCheckpoint(id);
  if (!checkpoint) throw new Error(`expected a checkpoint of ${id}`);
  expect(checkpoint.state.step).toBe(STEPS);
  const { weights, moment1, moment2, ema } = checkpoint.state.vectors;
  return {
    weights: digestOf(weights),
    moments: [moment1, moment2, ema].map(digestOf),
    curve: (await runs.readMetrics(id)).map(({ loss }) => loss),
    duration,
  };
}

let uninterrupted: Ending;
beforeAll(async () => {
  const workspace = await workspaceWithPair();
  const run = await waitingRun(workspace);
  const began = performance.now();
  expect((await cli(...resume(run, workspace))).code).toBe(0);
  uninterrupted = await endingOf(workspace, run.id, performance.now() - began);
});

async function expectToEndTheSame(workspace: Workspace, run: Run): Promise<void> {
  const { id } = run;
  if ((await workspace.runs.read(id)).status !== 'done') {
    const { code, stderr } = await cli(...resume(run, workspace));
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  }
  const { duration: _, ...expected } = uninterrupted;
  expect(await endingOf(workspace, id)).toMatchObject(expected);
}

describe('a training', () => {
  it('ends in the same bytes, wherever it was stopped and killed', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const workspace = await workspaceWithPair();
      const run = await waitingRun(workspace);
      const { id } = run;
      const first = startCli(resume(run, workspace));
      // Every second one, the first of all, leaves a checkpoint to go on from.
      if (round % 2 === 0) {
        await until(
          async () => (await workspace.runs.readMetrics(id)).length > 20 * Math.random(),
          'some steps',
        );
        const ended = once(first, 'exit');
        first.kill('SIGTERM');
        await ended;
        const stopped = await workspace.runs.read(id);
        expect(stopped.step).toBeGreaterThan(0);
        await killWithin(startCli(resume(run, workspace)), uninterrupted.duration);
        expect((await workspace.runs.readCheckpoint(id))?.state.step).toBeGreaterThanOrEqual(
          stopped.step,
        );
      } else {
        await killWithin(first, uninterrupted.duration);
      }
      await expectToEndTheSame(workspace, run);
    }
  });
});

describe('a server that trains', () => {
  it('leaves a run that ends in the same bytes', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const workspace = await workspaceWithPair();
      const run = await waitingRun(workspace);
      const server = await startServer(workspace.place.data);
      const socket = await connect(server.url);
      await ask(socket, 'train:resume', { id: run.id });
      await killWithin(server.process, uninterrupted.duration);
      await expectToEndTheSame(workspace, run);
    }
  });
});

describe('a recording', () => {
  it('that was acknowledged is there, and replays', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const workspace = await temporaryWorkspace();
      const server = await startServer(workspace.place.data);
      const socket = await connect(server.url);
      const saving = keepSaving(socket);
      await until(() => saving.accepted.length > 0, 'one to be accepted');
      await killWithin(server.process, 2000);
      socket.disconnect();
      await saving.ended;
      await expectKept(workspace, saving);
    }
  });
});

describe('demonstrations', () => {
  it('that were committed are the first of those an uninterrupted generation makes', async () => {
    const generate = ['demos', 'generate', '--episodes', '40', '--out', 'made'];
    const whole = workspaceAt(join(await temporaryDirectory(), 'data'));
    const began = performance.now();
    expect((await cli(...generate, '--data', whole.place.data)).code).toBe(0);
    const duration = performance.now() - began;
    const expected = (await whole.datasets.open('made')).episodes;
    for (let round = 0; round < ROUNDS; round++) {
      const { place, datasets } = await temporaryWorkspace();
      await killWithin(startCli([...generate, '--data', place.data]), duration);
      const [listing] = await datasets.list();
      if (!listing) continue; // killed before there was one
      const { episodes } = await datasets.open('made');
      expect([0, 20, 40]).toContain(episodes.length);
      expect(episodes).toStrictEqual(expected.slice(0, episodes.length));
    }
  });
});
