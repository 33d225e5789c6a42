import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { acquireLock, acquireUse, LEASE, ownerTag, tryLock } from '../../../demos/files/index.ts';
import { DatasetStore } from '../../../demos/store/index.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';
import { DATASET, synthetics } from '../store/support.ts';

const [REALM, , START] = ownerTag().split('.');

/** A process that lives until the tests end. */
const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
afterAll(() => other.kill('SIGKILL'));

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** A directory that is locked in a name. */
async function locked(
  owner: string,
  number = '00000000',
): Promise<{ directory: string; path: string }> {
  const directory = await temporaryDirectory();
  const path = join(directory, '.locks', `${owner}.${number}`);
  await mkdir(join(directory, '.locks'));
  await writeFile(path, '');
  return { directory, path };
}

it('is held by one at a time, and free again after its release', async () => {
  const directory = await temporaryDirectory();
  const lock = await acquireLock(directory, 0);
  expect(await tryLock(directory)).toBeNull();
  await lock.release();
  const next = await acquireLock(directory, 0);
  await next.release();
  expect(await readdir(join(directory, '.locks'))).toEqual([]);
});

it('is never held twice among many that try at once', async () => {
  const directory = await temporaryDirectory();
  for (let round = 0; round < 20; round++) {
    const locks = await Promise.all(Array.from({ length: 5 }, () => tryLock(directory)));
    const held = locks.filter((lock) => lock !== null);
    expect(held.length).toBeLessThanOrEqual(1);
    for (const lock of held) await lock.release();
  }
});

it('is handed on among many that wait', async () => {
  const directory = await temporaryDirectory();
  let holders = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      const lock = await acquireLock(directory, 60_000);
      most = Math.max(most, ++holders);
      await readdir(directory);
      holders--;
      await lock.release();
    }),
  );
  expect(most).toBe(1);
});

it('is used by many at once, and written by nobody meanwhile', async () => {
  const directory = await temporaryDirectory();
  const uses = await Promise.all([acquireUse(directory, 0), acquireUse(directory, 0)]);
  expect(await tryLock(directory)).toBeNull();
  await uses[0].release();
  expect(await tryLock(directory)).toBeNull();
  await uses[1].release();
  const lock = await acquireLock(directory, 0);
  await expect(acquireUse(directory, 0)).rejects.toMatchObject({ code: 'locked' });
  await lock.release();
  expect(await readdir(join(directory, '.locks'))).toEqual([]);
});

it('is free where a user of it has ended', async () => {
  const { directory } = await locked(`${REALM}.${await endedPid()}.0`, 'use-00000000');
  await (await acquireLock(directory, 0)).release();
  expect(await readdir(join(directory, '.locks'))).toEqual([]);
});

it('names a live holder and the file to delete', async () => {
  const { directory, path } = await locked(`${REALM}.${other.pid}.0`);
  const error: unknown = await acquireLock(directory, 0).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'locked' });
  expect(String(error)).toContain(`process ${other.pid}`);
  expect(String(error)).toContain(path);
  expect(await readdir(join(directory, '.locks'))).toHaveLength(1);
});

it('is broken where its process has ended', async () => {
  const { directory } = await locked(`${REALM}.${await endedPid()}.0`);
  await (await acquireLock(directory, 0)).release();
});

it.runIf(process.platform === 'linux')(
  'is broken where its process number now means another process',
  async () => {
    const { directory } = await locked(`${REALM}.${process.pid}.${Number(START) + 1}`);
    await (await acquireLock(directory, 0)).release();
  },
);

/** Lets a lock look as if it had last been renewed so many ms ago. */
async function age(path: string, ms: number): Promise<void> {
  const past = (Date.now() - ms) / 1000;
  await utimes(path, past, past);
}

describe.each([
  ['another machine or container', `elsewhere.${process.pid}.1`],
  // The live holder has the number of a process that lives here, and is another one.
  ['another pid namespace of this machine', `${REALM.replace(/-\d+$/, '-1')}.${other.pid}.1`],
  ['an owner it cannot read', 'odd'],
])('held by %s', (_, owner) => {
  it('counts while its holder renews it', async () => {
    const { directory, path } = await locked(owner);
    for (const ms of [0, LEASE / 2, LEASE - 5000]) {
      await age(path, ms);
      await expect(acquireLock(directory, 0)).rejects.toMatchObject({ code: 'locked' });
    }
    expect(await readdir(join(directory, '.locks'))).toHaveLength(1);
  });

  it('is taken once its lease is over', async () => {
    const { directory, path } = await locked(owner);
    await age(path, LEASE + 1000);
    await (await acquireLock(directory, 0)).release();
  });
});

it('counts for longer than its lease where its process lives here', async () => {
  const { directory, path } = await locked(`${REALM}.${other.pid}.0`);
  await age(path, 1000 * LEASE);
  await expect(acquireLock(directory, 0)).rejects.toMatchObject({ code: 'locked' });
});

it('tells its holder that it was taken away', async () => {
  const directory = await temporaryDirectory();
  const lock = await acquireLock(directory, 0);
  await lock.assertHeld();
  await rm(join(directory, '.locks', lock.name));
  await expect(lock.assertHeld()).rejects.toMatchObject({ code: 'locked' });
  await lock.release();
});

it('is renewed while it is held, by the clock of the file system', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const directory = await temporaryDirectory();
  const lock = await acquireLock(directory, 0);
  const path = join(directory, '.locks', lock.name);
  await age(path, LEASE + 1000);
  vi.advanceTimersByTime(LEASE / 2);
  vi.useRealTimers();
  await until(async () => Date.now() - (await stat(path)).mtimeMs < LEASE / 2, 'a renewal');
  await lock.release();
});

it('goes with its directory where that is renamed', async () => {
  const parent = await temporaryDirectory();
  await mkdir(join(parent, 'before'));
  const lock = await acquireLock(join(parent, 'before'), 0);
  await rename(join(parent, 'before'), join(parent, 'after'));
  await lock.assertHeld();
  await lock.release(join(parent, 'after'));
  expect(await readdir(join(parent, 'after', '.locks'))).toEqual([]);
});

it('does not count where it was released after its directory was renamed unknown to it', async () => {
  const parent = await temporaryDirectory();
  await mkdir(join(parent, 'before'));
  const lock = await acquireLock(join(parent, 'before'), 0);
  await rename(join(parent, 'before'), join(parent, 'after'));
  await lock.release();
  await (await acquireLock(join(parent, 'after'), 0)).release();
});

it('leaves nothing behind that counts where its directory is renamed while others try for it', async () => {
  const home = await temporaryDirectory();
  let directory = home;
  for (let round = 0; round < 60; round++) {
    const lock = await acquireLock(directory, 0);
    const moved = `${home}.${round}`;
    const tries = [1, 2, 3].map(() => tryLock(directory));
    const results = Promise.allSettled(tries);
    // At any moment of theirs.
    for (let i = 0; i < round % 12; i++) await stat(directory);
    await rename(directory, moved);
    await results;
    await lock.release(moved);
    const next = await acquireLock(moved, 0);
    await next.release();
    directory = moved;
  }
});

it('takes nothing away through a link', async () => {
  const directory = await temporaryDirectory();
  const outside = await temporaryDirectory();
  const foreign = `${REALM}.${await endedPid()}.0.00000000`;
  await writeFile(join(outside, foreign), 'x');
  await symlink(outside, join(directory, '.locks'));
  await expect(acquireLock(directory, 0)).rejects.toMatchObject({ code: 'not-regular' });
  expect(await readdir(outside)).toEqual([foreign]);
});

it('does not create the directory it is for', async () => {
  const directory = join(await temporaryDirectory(), 'gone');
  await expect(acquireLock(directory, 0)).rejects.toMatchObject({ code: 'missing' });
});

it('keeps a dataset from being written to, and from the trash', async () => {
  const store = new DatasetStore(await temporaryDirectory(), { lockPatience: 0 });
  const dataset = await store.create('one', DATASET);
  const lock = await acquireLock(dataset.directory, 0);
  await expect(dataset.append(synthetics(1))).rejects.toMatchObject({ code: 'locked' });
  await expect(store.trash('one')).rejects.toMatchObject({ code: 'locked' });
  expect((await store.open('one')).info.episodes).toBe(0);
  await lock.release();
  expect(await dataset.append(synthetics(1))).toEqual({ from: 0, to: 1 });
});
