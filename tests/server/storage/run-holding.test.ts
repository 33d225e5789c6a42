import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ownerTag } from '../../../demos/files/index.ts';
import type { Run } from '../../../server/protocol/index.ts';
import type { RunStore } from '../../../server/storage/run-store.ts';
import { storeWithRun } from '../../support/run-store.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { idleProcess } from '../../support/server.ts';

const live = idleProcess();
const ended = idleProcess();
ended.kill('SIGKILL');
afterAll(() => {
  live.kill('SIGKILL');
});

/** Holds a run as another process would. */
async function holdAs({ pid }: { pid?: number | undefined }, runs: RunStore, { id }: Run) {
  const locks = join(runs.root, id, '.locks');
  await mkdir(locks, { recursive: true });
  const tag = ownerTag().replace(/\.\d+\.\d+$/, `.${pid}.0`);
  await writeFile(join(locks, `${tag}.00000000`), '');
}

describe('a run that is held', () => {
  it('is held by one alone, until it is let go', async () => {
    const { runs, run } = await storeWithRun({ status: 'running' });
    const lock = await runs.hold(run.id);
    await expect(runs.hold(run.id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/it is running; .*got process \d+/),
    });
    await lock.release();
    await (await runs.hold(run.id)).release();
  });

  it('is waited for by who has the patience', async () => {
    const { runs, run } = await storeWithRun();
    const lock = await runs.hold(run.id);
    const waiting = runs.hold(run.id, undefined, 60_000);
    await expect(runs.hold(run.id, undefined, 0)).rejects.toMatchObject({ code: 'conflict' });
    await lock.release();
    await (await waiting).release();
  });

  it('of two who ask at once goes to one', async () => {
    const { runs, run } = await storeWithRun();
    const answers = await Promise.allSettled([runs.hold(run.id), runs.hold(run.id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is shared with who works for its holder, and stays held until both let go', async () => {
    const { runs, run } = await storeWithRun();
    const parent = await runs.hold(run.id);
    const child = await runs.hold(run.id, parent.name);
    await parent.release();
    await expect(runs.hold(run.id)).rejects.toMatchObject({ code: 'conflict' });
    await child.release();
    await (await runs.hold(run.id)).release();
  });

  it('by a process that has ended is free', async () => {
    const { runs, run } = await storeWithRun();
    await holdAs(ended, runs, run);
    await (await runs.hold(run.id)).release();
    await holdAs(live, runs, run);
    await expect(runs.hold(run.id)).rejects.toThrow(`got process ${live.pid}`);
  });

  it('that is not there cannot be', async () => {
    const { runs } = await storeWithRun();
    await expect(runs.hold('nope')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('recovery', () => {
  it('marks runs that nobody holds as interrupted, and leaves the others', async () => {
    const { runs, run: dead } = await storeWithRun({ status: 'running', pid: ended.pid ?? 0 });
    await holdAs(ended, runs, dead);
    const running = await runs.create({ ...FRESH_RUN, status: 'running', pid: live.pid ?? 0 });
    await holdAs(live, runs, running);
    const waiting = await runs.create({ ...FRESH_RUN, status: 'queued' });
    await holdAs(live, runs, waiting);
    const forgotten = await runs.create({ ...FRESH_RUN, status: 'queued' });
    const done = await runs.create({ ...FRESH_RUN, status: 'done', step: 10 });
    const interrupted = await runs.recover();
    expect(interrupted.map(({ id }) => id).sort()).toEqual([dead.id, forgotten.id].sort());
    expect(await runs.read(dead.id)).toEqual({ ...dead, status: 'interrupted', pid: null });
    for (const each of [running, waiting, done]) expect(await runs.read(each.id)).toEqual(each);
  });

  it('is not deceived by a process that has the number of an ended one', async () => {
    // Number 1 always lives; it trains nothing.
    const { runs, run } = await storeWithRun({ status: 'running', pid: 1 });
    expect(await runs.recoverRun(run.id)).toMatchObject({ status: 'interrupted', pid: null });
  });

  it('of one run leaves every other as it is', async () => {
    const { runs, run } = await storeWithRun();
    const other = await runs.create(FRESH_RUN);
    await runs.recoverRun(run.id);
    expect(await runs.read(other.id)).toEqual(other);
  });

  it('clears what an ended process left half written, and nothing of a live one', async () => {
    const { runs, run } = await storeWithRun();
    const tag = (pid: number) => ownerTag().replace(/\.\d+\.\d+$/, `.${pid}.0`);
    const left = `run.json.00000000.${tag(ended.pid ?? 0)}.tmp`;
    const kept = `run.json.00000000.${tag(live.pid ?? 0)}.tmp`;
    await writeFile(join(runs.root, run.id, left), '{');
    await writeFile(join(runs.root, run.id, kept), '{');
    await runs.recover();
    const files = (await readdir(join(runs.root, run.id))).filter((name) => name !== '.locks');
    expect(files.sort()).toEqual(['run.json', kept].sort());
  });

  it('goes on past a damaged run', async () => {
    const { runs, run } = await storeWithRun();
    const dead = await runs.create({ ...FRESH_RUN, status: 'running', pid: ended.pid ?? 0 });
    await writeFile(join(runs.root, run.id, 'run.json'), '{');
    expect((await runs.recover()).map(({ id }) => id)).toEqual([dead.id]);
  });
});
