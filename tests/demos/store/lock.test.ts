import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DatasetStore } from '../../../demos/store/index.ts';
import { acquireLock, tryLock } from '../../../demos/store/lock.ts';
import { ownerTag } from '../../../demos/store/owner.ts';
import { DATASET, synthetics, temporaryDirectory } from './support.ts';

const [HOST, , START] = ownerTag().split('.');

/** A process that lives until the tests end. */
const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
afterAll(() => other.kill('SIGKILL'));

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

/** A directory that is locked in a name. */
async function locked(owner: string): Promise<{ directory: string; path: string }> {
  const directory = await temporaryDirectory();
  const path = join(directory, '.locks', `${owner}.00000000`);
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

it('names a live holder and the file to delete', async () => {
  const { directory, path } = await locked(`${HOST}.${other.pid}.0`);
  const error: unknown = await acquireLock(directory, 0).catch((reason) => reason);
  expect(error).toMatchObject({ code: 'locked' });
  expect(String(error)).toContain(`process ${other.pid}`);
  expect(String(error)).toContain(path);
  expect(await readdir(join(directory, '.locks'))).toHaveLength(1);
});

it('is broken where its process has ended', async () => {
  const { directory } = await locked(`${HOST}.${await endedPid()}.0`);
  await (await acquireLock(directory, 0)).release();
});

it.runIf(process.platform === 'linux')(
  'is broken where its process number now means another process',
  async () => {
    const { directory } = await locked(`${HOST}.${process.pid}.${Number(START) + 1}`);
    await (await acquireLock(directory, 0)).release();
  },
);

it('of another machine counts for an hour', async () => {
  const { directory, path } = await locked('elsewhere.1.1');
  await expect(acquireLock(directory, 0)).rejects.toMatchObject({ code: 'locked' });
  const past = Date.now() / 1000 - 3601;
  await utimes(path, past, past);
  await (await acquireLock(directory, 0)).release();
});

it('counts also where its name cannot be read', async () => {
  const { directory } = await locked('odd');
  await expect(acquireLock(directory, 0)).rejects.toMatchObject({ code: 'locked' });
});

it('does not create the directory it is for', async () => {
  const directory = join(await temporaryDirectory(), 'gone');
  await expect(acquireLock(directory, 0)).rejects.toMatchObject({ code: 'not-found' });
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
