import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  type DemonstrationSet,
  type GenerateRequest,
  generateRequestSchema,
  LIMITS,
} from '../../../server/protocol/index.ts';
import { ended, jobOf, openBoard, statuses } from '../../support/boards.ts';
import { startAllAlike } from '../../support/equal-priority.ts';
import { addPair } from '../../support/pair.ts';
import { childrenOf } from '../../support/processes.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { temporaryWorkspace } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

startAllAlike();
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

function request(out: string, changes: Partial<GenerateRequest> = {}): GenerateRequest {
  return generateRequestSchema.parse({ episodes: 1, out, ...changes });
}

/** Longer than its test; progress is told at each five hundredth. */
const endless = (out: string) => request(out, { episodes: 500 });

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
  it('of a run that is not there is refused', async () => {
    const { board } = await openBoard();
    const policies = [{ policy: { kind: 'run' as const, id: 'nope' } }];
    await expect(board.compare({ policies, rollouts: 1, seed: 0 })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(board.jobs).toEqual([]);
  });

  it('that cannot be is refused before it waits, also where its rollouts are not kept', async () => {
    const { board } = await openBoard();
    const policies = [{ policy: { kind: 'shipped' as const, name: 'flow' as const } }];
    const until = 'decided' as const;
    await expect(board.compare({ policies, rollouts: 4, seed: 0, until })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('expected two policies or more to decide between'),
    });
    const perturbations = ['light=2'];
    await expect(
      board.compare({ policies, rollouts: 4, seed: 0, perturbations }),
    ).rejects.toMatchObject({ code: 'invalid-request' });
    expect(board.jobs).toEqual([]);
    expect(await board.experiments.list()).toMatchObject({ experiments: [] });
  });

  it('is kept for those who come later, under its job, and outlives its server', async () => {
    const { board, workspace, said } = await openBoard();
    const policies = [{ policy: { kind: 'shipped' as const, name: 'l2' as const } }];
    const request = { policies, rollouts: 1, starts: 1, seed: 100_000, perturbations: ['mass=4'] };
    const { id, experiment } = await board.compare(request);
    expect(board.comparisons).toEqual([]);
    expect(experiment).toBe(id);
    await expect(board.experiments.trash(id)).rejects.toMatchObject({ code: 'conflict' });
    expect((await ended(board, id)).error).toBeNull();
    expect(board.comparisons).toEqual([
      { id, at: expect.stringMatching(/^\d{4}-.*Z$/), comparison: said.comparisons.get(id) },
    ]);
    expect(board.comparisons[0].comparison).toMatchObject({
      rollouts: 1,
      policies: [{ name: 'l2', success: { n: 1 } }],
      robustness: [
        { perturbation: null, againstControl: null },
        { perturbation: 'mass=4', againstControl: { judged: { verdict: 'open' } } },
      ],
    });
    // Its rollouts are an experiment, of which nothing is left to do.
    expect(await board.experiments.list()).toMatchObject({
      experiments: [{ name: id, contenders: 2, rollouts: 1, first: [{ summary: {} }, {}] }],
    });
    const again = await board.continueExperiment(id);
    expect((await ended(board, again.id)).error).toBeNull();
    await board.close();
    const next = await openBoard(workspace);
    expect(next.board.comparisons).toEqual([]);
    expect(await next.board.restore()).toEqual([]);
    expect(next.board.comparisons).toEqual(board.comparisons);
    expect(next.board.comparisons[0].comparison).toEqual(said.comparisons.get(id));
  });

  it('that was stopped is concluded by whoever goes on with its experiment', async () => {
    const { board, said } = await openBoard();
    const policies = [{ policy: { kind: 'shipped' as const, name: 'l2' as const } }];
    const request = { policies, rollouts: 2, starts: 2, seed: 7, perturbations: ['mass=4'] };
    const { id } = await board.compare(request);
    await board.stop(id);
    expect((await ended(board, id)).status).toBe('stopped');
    expect(board.comparisons).toEqual([]);
    const going = await board.continueExperiment(id);
    expect((await ended(board, going.id)).error).toBeNull();
    expect(board.comparisons).toMatchObject([
      { id, comparison: { rollouts: 2, robustness: [{}, { perturbation: 'mass=4' }] } },
    ]);
    expect(said.comparisons.get(id)).toEqual(board.comparisons[0].comparison);
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
    ...{ hash: 'abc', task: 'left-right', controlHz: 20, episodes: 500, seed: 0 },
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
  await addPair(workspace);
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
  await addPair(workspace);
  const id = await board.datasets.trash('pair');
  expect(said.datasets.at(-1)).toEqual([]);
  expect(await board.datasets.restore(id)).toMatchObject({ name: 'pair', episodes: 2 });
  expect(said.datasets.at(-1)).toEqual(['pair']);
});
