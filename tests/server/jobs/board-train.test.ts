import { describe, expect, it, vi } from 'vitest';
import type { JobBoard } from '../../../server/jobs/index.ts';
import { LIMITS, trainRequestSchema } from '../../../server/protocol/index.ts';
import { trainRun } from '../../../server/training/train.ts';
import { ended, jobOf, openBoard } from '../../support/boards.ts';
import { startAllAlike } from '../../support/equal-priority.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { addPair } from '../../support/pair.ts';
import { childrenOf } from '../../support/processes.ts';
import { newRun } from '../../support/runs.ts';
import { demonstrateMode } from '../../support/simulation.ts';
import { until } from '../../support/until.ts';

startAllAlike();
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

describe('a training', () => {
  const train = (board: JobBoard, changes: object = {}) =>
    board.train(
      trainRequestSchema.parse({ policy: 'flow', dataset: 'pair', steps: 1200, ...changes }),
    );

  it('stopped, resumed and ended goes through its states, and can then be resumed no more', async () => {
    const { board, workspace, said } = await openBoard();
    await addPair(workspace);
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
    await addPair(workspace);
    const { runs, datasets } = workspace;
    const teacher = await newRun(workspace, { steps: 1 });
    await trainRun(runs, datasets, teacher.id, { engine: keepingEngine() });
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
    await addPair(workspace);
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
    await addPair(workspace);
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
    await addPair(workspace);
    const [first, second, third] = [await train(board), await train(board), await train(board)];
    await board.stop(first.id);
    await ended(board, first.id);
    await until(() => jobOf(board, second.id).status === 'running', 'the second to begin');
    expect(await workspace.runs.recover()).toEqual([]);
    expect(await workspace.runs.read(third.id)).toMatchObject({ status: 'queued' });
  });

  it('asked for many times at once waits no oftener than it may', async () => {
    const { board, workspace } = await openBoard();
    await addPair(workspace);
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
    await addPair(workspace);
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
    await addPair(workspace);
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
    await addPair(workspace);
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
