import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { JobBoard } from '../../../server/jobs/index.ts';
import {
  type Comparison,
  type DemonstrationSet,
  type GenerateRequest,
  generateRequestSchema,
  type Job,
  LIMITS,
  type Metric,
  type Run,
  trainRequestSchema,
} from '../../../server/protocol/index.ts';
import type { Workspace } from '../../../server/storage/workspace.ts';
import { trainRun } from '../../../server/training/train.ts';
import { childrenOf } from '../../support/processes.ts';
import { FRESH_RUN, newRun } from '../../support/runs.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const boards: JobBoard[] = [];
afterEach(async () => {
  for (const board of boards.splice(0)) await board.close();
});

/** A board, and all it says. */
async function openBoard(opened?: Workspace, sets: readonly DemonstrationSet[] = []) {
  const workspace = opened ?? (await temporaryWorkspace());
  const said = {
    jobs: [] as Job[],
    runs: [] as Run[],
    trashed: [] as string[],
    metrics: [] as Metric[],
    datasets: [] as string[][],
    comparisons: new Map<string, Comparison>(),
  };
  const board = new JobBoard(
    workspace,
    {
      job: (job) => said.jobs.push(job),
      run: (run) => said.runs.push(run),
      runTrashed: (id) => said.trashed.push(id),
      metric: (_, metric) => said.metrics.push(metric),
      datasets: (datasets) => said.datasets.push(datasets.map(({ name }) => name)),
      comparison: (id, comparison) => said.comparisons.set(id, comparison),
    },
    sets,
  );
  boards.push(board);
  return { board, workspace, said };
}

type Opened = Awaited<ReturnType<typeof openBoard>>;

function request(out: string, changes: Partial<GenerateRequest> = {}): GenerateRequest {
  return generateRequestSchema.parse({ episodes: 1, out, ...changes });
}

const endless = (out: string) => request(out, { episodes: 10_000 });

function jobOf(board: JobBoard, id: string): Job {
  const job = board.jobs.find((each) => each.id === id);
  if (!job) throw new Error(`no job ${id}`);
  return job;
}

function ended(board: JobBoard, id: string): Promise<Job> {
  return until(() => {
    const job = jobOf(board, id);
    return ['done', 'stopped', 'failed'].includes(job.status) && job;
  }, `${id} to end`);
}

/** Through what a job went, as those who listen hear it. */
function statuses({ said }: Opened, id: string): string[] {
  const all = said.jobs.filter((job) => job.id === id).map(({ status }) => status);
  return all.filter((status, i) => status !== all[i - 1]);
}

async function addDataset({ datasets }: Workspace): Promise<void> {
  const dataset = await datasets.create('pair', { task: 'left-right', controlHz: 20 });
  await dataset.append([demonstrateMode('left', 1), demonstrateMode('right', 1)]);
}

describe('a job', () => {
  it('runs in a process of its own and is said to be done', async () => {
    const opened = await openBoard();
    const { board, said } = opened;
    const { id, status } = await board.generate(request('made'));
    expect(['queued', 'running']).toContain(status);
    const job = await ended(board, id);
    expect(job).toMatchObject({ status: 'done', progress: 1, error: null, secondsLeft: null });
    expect(statuses(opened, id)).toEqual(['queued', 'running', 'done']);
    expect(said.datasets.at(-1)).toEqual(['made']);
    expect(await board.datasets.list()).toMatchObject([{ name: 'made', episodes: 1 }]);
    expect(await board.datasets.episodes('made')).toMatchObject([{ index: 0, mode: 'left' }]);
  });

  it('that fails says why, and the next one begins', async () => {
    const { board } = await openBoard();
    const bad = await board.generate(request('bad', { task: 'juggle' }));
    const good = await board.generate(request('good'));
    expect((await ended(board, bad.id)).error).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('"juggle"'),
    });
    expect((await ended(board, good.id)).status).toBe('done');
  });

  it('waits while another of its kind runs; one that waits can be stopped and never begins', async () => {
    const opened = await openBoard();
    const { board, workspace } = opened;
    const first = await board.generate(endless('first'));
    const second = await board.generate(request('second'));
    const third = await board.generate(request('third'));
    await until(() => jobOf(board, first.id).progress > 0, 'progress of the first');
    expect(jobOf(board, second.id).status).toBe('queued');
    await board.stop(second.id);
    expect(jobOf(board, second.id).status).toBe('stopped');
    await board.stop(first.id);
    expect((await ended(board, first.id)).status).toBe('stopped');
    expect((await ended(board, third.id)).status).toBe('done');
    expect(statuses(opened, second.id)).toEqual(['queued', 'stopped']);
    expect(statuses(opened, third.id)).toEqual(['queued', 'running', 'done']);
    expect((await workspace.datasets.list()).map(({ name }) => name)).toEqual(['first', 'third']);
  });

  it('beyond those that may wait is refused', async () => {
    const { board } = await openBoard();
    await board.generate(endless('first'));
    for (let i = 0; i < LIMITS.queuedJobs; i++) await board.generate(request(`waiting-${i}`));
    await expect(board.generate(request('one-too-many'))).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringContaining(`at most ${LIMITS.queuedJobs}`),
    });
    expect(board.jobs).toHaveLength(1 + LIMITS.queuedJobs);
  });

  it('that nobody knows cannot be stopped', async () => {
    const { board } = await openBoard();
    await expect(board.stop('generate-00000000')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a comparison', () => {
  it('of a run that is not there fails as a job', async () => {
    const { board } = await openBoard();
    const policies = [{ policy: { kind: 'run' as const, id: 'nope' } }];
    const { id } = await board.compare({ policies, rollouts: 1, seed: 0 });
    expect((await ended(board, id)).error).toMatchObject({ code: 'not-found' });
  });

  it('is kept for those who come later, under its job', async () => {
    const { board, said } = await openBoard();
    const policies = [{ policy: { kind: 'shipped' as const, name: 'l2' as const } }];
    const { id } = await board.compare({ policies, rollouts: 1, seed: 0 });
    expect(board.comparisons).toEqual([]);
    expect((await ended(board, id)).error).toBeNull();
    expect(board.comparisons).toEqual([
      { id, at: expect.stringMatching(/^\d{4}-.*Z$/), comparison: said.comparisons.get(id) },
    ]);
    expect(board.comparisons[0].comparison).toMatchObject({
      rollouts: 1,
      policies: [{ name: 'l2' }],
    });
  });

  it('outlives its server: the next one has it from the beginning', async () => {
    const { board, workspace, said } = await openBoard();
    const policies = [{ policy: { kind: 'shipped' as const, name: 'l2' as const } }];
    const { id } = await board.compare({ policies, rollouts: 1, starts: 1, seed: 100_000 });
    expect((await ended(board, id)).error).toBeNull();
    await board.close();
    const next = await openBoard(workspace);
    expect(next.board.comparisons).toEqual([]);
    expect(await next.board.restore()).toEqual([]);
    expect(next.board.comparisons).toEqual(board.comparisons);
    expect(next.board.comparisons[0].comparison).toEqual(said.comparisons.get(id));
  });

  it('that cannot be kept is there all the same while the server is, with a warning', async () => {
    const { board, workspace, said } = await openBoard();
    await writeFile(join(workspace.place.data, 'comparisons'), 'not a directory');
    const warned = vi.spyOn(console, 'error').mockImplementation(() => {});
    const policies = [{ policy: { kind: 'shipped' as const, name: 'l2' as const } }];
    const { id } = await board.compare({ policies, rollouts: 1, seed: 0 });
    expect((await ended(board, id)).status).toBe('done');
    expect(said.comparisons.has(id)).toBe(true);
    expect(board.comparisons).toHaveLength(1);
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(`${id} will be lost`));
    warned.mockRestore();
  });

  it('one of whose processes is killed fails, and the others end with it', async () => {
    const { board } = await openBoard();
    await until(() => childrenOf(process.pid).length === 0, 'those of other tests to end');
    const policies = [{ policy: { kind: 'shipped' as const, name: 'flow' as const } }];
    const { id } = await board.compare({ policies, rollouts: 10_000, seed: 0 });
    const [first] = await until(() => {
      const children = childrenOf(process.pid);
      return children.length > 1 && children;
    }, 'two processes');
    process.kill(first, 'SIGKILL');
    expect(await ended(board, id)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('SIGKILL') },
    });
    expect(childrenOf(process.pid)).toEqual([]);
  });

  it('is ended at once when it is stopped', async () => {
    const { board } = await openBoard();
    const policies = [{ policy: { kind: 'shipped' as const, name: 'flow' as const } }];
    const { id } = await board.compare({ policies, rollouts: 10_000, seed: 0 });
    await until(() => childrenOf(process.pid).length > 0, 'rollouts to begin');
    await board.stop(id);
    expect((await ended(board, id)).status).toBe('stopped');
    await until(() => childrenOf(process.pid).length === 0, 'its processes to end');
  });
});

describe('a training', () => {
  const train = (board: JobBoard, changes: object = {}) =>
    board.train(
      trainRequestSchema.parse({ policy: 'flow', dataset: 'pair', steps: 1200, ...changes }),
    );

  it('stopped, resumed and ended goes through its states, and can then be resumed no more', async () => {
    const { board, workspace, said } = await openBoard();
    await addDataset(workspace);
    const { id } = await train(board, { steps: 12 });
    await until(() => said.metrics.length > 1, 'metrics');
    await board.stop(id);
    const job = await ended(board, id);
    const stopped = await workspace.runs.read(id);
    // A machine may be so fast that it was done before it heard.
    expect(job.status).toBe('stopped');
    expect(['stopped', 'done']).toContain(stopped.status);
    if (stopped.status === 'stopped') {
      const resumed = await board.resume(id);
      expect(resumed).toMatchObject({ id, status: 'queued', step: stopped.step });
      await until(() => jobOf(board, id).status === 'done', 'the resumed run to end');
    }
    expect(await workspace.runs.read(id)).toMatchObject({ status: 'done', step: 12, pid: null });
    expect(said.runs.at(-1)).toMatchObject({ id, status: 'done' });
    expect(board.jobs.filter((each) => each.id === id)).toHaveLength(1);
    await expect(board.resume(id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('done at its last step'),
    });
  });

  it('of a reflow says how far its pairs are drawn before its first step', async () => {
    const { board, workspace, said } = await openBoard();
    await addDataset(workspace);
    const { runs, datasets } = workspace;
    const teacher = await newRun(workspace, { steps: 1 });
    await trainRun(runs, datasets, teacher.id, { engine: createCompiledEngine() });
    const { id } = await train(board, {
      policy: 'reflow',
      teacher: { kind: 'run', id: teacher.id },
      steps: 2,
    });
    expect((await ended(board, id)).status).toBe('done');
    const shares = said.jobs.flatMap(({ preparation }) => preparation?.share ?? []);
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const prepared = said.jobs.findLastIndex(({ preparation }) => preparation !== null);
    const stepped = said.jobs.findIndex(({ progress }) => progress > 0);
    expect(stepped).toBeGreaterThan(prepared);
  });

  it('that runs or waits cannot be resumed', async () => {
    const { board, workspace, said } = await openBoard();
    await addDataset(workspace);
    const first = await train(board);
    const second = await train(board);
    await until(() => said.metrics.length > 0, 'metrics');
    for (const [{ id }, status] of [
      [first, 'running'],
      [second, 'queued'],
    ] as const) {
      await expect(board.resume(id)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(`it is ${status}`),
      });
    }
    await board.stop(second.id);
    expect(await workspace.runs.read(second.id)).toMatchObject({ status: 'stopped', step: 0 });
  });

  it('resumed twice at once is trained once, and can be stopped', async () => {
    const { board, workspace, said } = await openBoard();
    await addDataset(workspace);
    const { id } = await train(board);
    await board.stop(id);
    await ended(board, id);
    const answers = await Promise.allSettled([board.resume(id), board.resume(id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'conflict' },
    });
    const heard = said.metrics.length;
    await until(() => said.metrics.length > heard, 'metrics');
    await until(() => childrenOf(process.pid).length === 1, 'one process alone to train');
    await board.stop(id);
    await ended(board, id);
    expect(await workspace.runs.read(id)).toMatchObject({ status: 'stopped', pid: null });
    await until(() => childrenOf(process.pid).length === 0, 'its process to end');
  });

  it('that waits goes on waiting when another one ends, or another server starts', async () => {
    const { board, workspace } = await openBoard();
    await addDataset(workspace);
    const [first, second, third] = [await train(board), await train(board), await train(board)];
    await board.stop(first.id);
    await ended(board, first.id);
    await until(() => jobOf(board, second.id).status === 'running', 'the second to begin');
    expect(await workspace.runs.recover()).toEqual([]);
    expect(await workspace.runs.read(third.id)).toMatchObject({ status: 'queued' });
  });

  it('asked for many times at once waits no oftener than it may', async () => {
    const { board, workspace } = await openBoard();
    await addDataset(workspace);
    const answers = await Promise.allSettled(
      Array.from({ length: 3 * LIMITS.queuedJobs }, () => train(board)),
    );
    const accepted = answers.filter(({ status }) => status === 'fulfilled');
    expect(accepted.length).toBeLessThanOrEqual(1 + LIMITS.queuedJobs);
    expect(await workspace.runs.list()).toHaveLength(accepted.length);
    await board.close();
    const statuses = (await workspace.runs.list()).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['stopped']));
  });

  it('that is not there cannot be resumed', async () => {
    const { board } = await openBoard();
    await expect(board.resume('flow-1')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('whose demonstrations have changed is not resumed: it is told what can be done instead', async () => {
    const { board, workspace } = await openBoard();
    const { runs, datasets } = workspace;
    await addDataset(workspace);
    const { id } = await train(board, { steps: 40 });
    await board.stop(id);
    await ended(board, id);
    const stopped = await runs.update(id, { status: 'stopped', step: 7 });
    const dataset = await datasets.open('pair');
    await dataset.append([demonstrateMode('left', 9)]);
    await expect(board.resume(id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(
        new RegExp(`--dataset pair --from ${id}.*New run from these weights`),
      ),
    });
    expect(await runs.read(id)).toEqual(stopped);
  });

  it('whose process is killed is interrupted, and can be resumed', async () => {
    const { board, workspace, said } = await openBoard();
    await addDataset(workspace);
    const { id } = await train(board);
    await until(() => said.metrics.length > 0, 'metrics');
    const { pid } = await workspace.runs.read(id);
    process.kill(pid ?? 0, 'SIGKILL');
    expect(await ended(board, id)).toMatchObject({
      status: 'failed',
      error: { code: 'failed', message: expect.stringContaining('SIGKILL') },
    });
    expect(await workspace.runs.read(id)).toMatchObject({ status: 'interrupted', pid: null });
    expect(said.runs.at(-1)).toMatchObject({ id, status: 'interrupted' });
    await board.resume(id);
    const heard = said.metrics.length;
    await until(() => said.metrics.length > heard, 'metrics after the resume');
  });

  it('is stopped with a checkpoint when the board closes', async () => {
    const { board, workspace, said } = await openBoard();
    await addDataset(workspace);
    const { id } = await train(board);
    const waiting = await train(board);
    await until(() => said.metrics.length > 0, 'metrics');
    await board.close();
    const run = await workspace.runs.read(id);
    expect(run).toMatchObject({ status: 'stopped', pid: null });
    expect((await workspace.runs.readCheckpoint(id))?.state.step).toBe(run.step);
    expect(await workspace.runs.read(waiting.id)).toMatchObject({ status: 'stopped', step: 0 });
  });

  it('on an empty dataset is refused before it is a job', async () => {
    const { board, workspace } = await openBoard();
    await workspace.datasets.create('pair', { task: 'left-right', controlHz: 20 });
    await expect(train(board)).rejects.toMatchObject({ code: 'conflict' });
    expect(board.jobs).toEqual([]);
  });
});

it('a run that is trashed, restored or renamed is told to everybody', async () => {
  const { board, workspace, said } = await openBoard();
  const run = await workspace.runs.create({ ...FRESH_RUN, status: 'done' });
  const id = await board.runs.trash(run.id);
  expect(said.trashed).toEqual([run.id]);
  await board.runs.restore(id);
  await board.runs.rename(run.id, 'mine');
  expect(said.runs.map(({ id: each, title }) => [each, title])).toEqual([
    [run.id, undefined],
    [run.id, 'mine'],
  ]);
});

it('a set that is stopped goes to the trash: a part of it is not what policies learnt from', async () => {
  const workspace = await temporaryWorkspace();
  const set: DemonstrationSet = {
    ...{ hash: 'abc', task: 'left-right', controlHz: 20, episodes: 10_000, seed: 0 },
    ...{ policies: ['flow'], starts: [] },
  };
  const opened = await openBoard(workspace, [set]);
  const { board } = opened;
  await expect(async () => board.makeSet('def')).rejects.toMatchObject({ code: 'not-found' });
  const { id } = await board.makeSet('abc');
  await until(() => jobOf(board, id).progress > 0, 'the first of them');
  await board.stop(id);
  expect(await ended(board, id)).toMatchObject({ status: 'stopped' });
  expect(await board.datasets.list()).toEqual([]);
  expect((await board.offerSets())[0].thrownAway).toBe(true);
});

it('an episode is taken out of a dataset, and everybody is told', async () => {
  const { board, workspace, said } = await openBoard();
  await addDataset(workspace);
  const { hash } = await workspace.datasets.open('pair');
  const removal = { name: 'pair', hash, edit: { kind: 'delete', episodes: '0' } } as const;
  const id = await board.datasets.edit(removal);
  expect(said.datasets.at(-1)).toEqual(['pair']);
  expect(await board.datasets.episodes('pair')).toHaveLength(1);
  await expect(board.datasets.edit(removal)).rejects.toMatchObject({ code: 'conflict' });
  await board.datasets.trash('pair');
  expect(await board.datasets.restore(id)).toMatchObject({ episodes: 2, hash });
});

it('a dataset in the trash comes back under its name', async () => {
  const { board, workspace, said } = await openBoard();
  await addDataset(workspace);
  const id = await board.datasets.trash('pair');
  expect(said.datasets.at(-1)).toEqual([]);
  expect(await board.datasets.restore(id)).toMatchObject({ name: 'pair', episodes: 2 });
  expect(said.datasets.at(-1)).toEqual(['pair']);
});
