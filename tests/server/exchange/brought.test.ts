import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ownerTag, temporaryPath } from '../../../demos/files/index.ts';
import { BroughtDatasets } from '../../../server/exchange/brought.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));

/** Sets of a thousand bytes, the first of which was used longest ago. */
async function brought(...hashes: string[]): Promise<string> {
  const root = join(await temporaryDirectory(), 'brought');
  for (const [i, hash] of hashes.entries()) {
    const data = join(root, hash, 'set', 'data');
    await mkdir(data, { recursive: true });
    await writeFile(join(data, 'episodes'), Buffer.alloc(1000));
    await utimes(join(root, hash), i, i);
  }
  return root;
}

const use = async () => {};

it('what was used longest ago goes once there is more than the bound', async () => {
  const root = await brought(A, B, C);
  await new BroughtDatasets(root, 3000).lend(A, use);
  expect((await readdir(root)).sort()).toEqual([A, B, C]);
  await new BroughtDatasets(root, 2000).lend(C, use);
  expect((await readdir(root)).sort()).toEqual([A, C]);
  await new BroughtDatasets(root, 0).lend(A, use);
  expect(await readdir(root)).toEqual([]);
});

it('what somebody uses stays, and counts', async () => {
  const root = await brought(A, B);
  const sets = new BroughtDatasets(root, 0);
  await sets.lend(A, async (directory) => {
    await sets.lend(A, use);
    await sets.lend(B, use);
    expect(await readdir(root)).toEqual([A]);
    expect(await readFile(join(directory, 'set', 'data', 'episodes'))).toHaveLength(1000);
  });
  expect(await readdir(root)).toEqual([]);
});

it('what another process uses stays until that has ended, however it ends', async () => {
  const root = await brought(A, B);
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  const [realm] = ownerTag().split('.');
  await mkdir(join(root, A, '.locks'));
  await writeFile(join(root, A, '.locks', `${realm}.${other.pid}.0.use-00000000`), '.');
  const sets = new BroughtDatasets(root, 0);
  await sets.lend(B, use);
  expect(await readdir(root)).toEqual([A]);
  other.kill('SIGKILL');
  await once(other, 'exit');
  await sets.lend(B, use);
  expect(await readdir(root)).toEqual([]);
});

it('is never removed under one of many that come and go at once', async () => {
  const root = join(await temporaryDirectory(), 'brought');
  const sets = new BroughtDatasets(root, 0);
  const visit = async (i: number) => {
    for (let round = 0; round < 10; round++) {
      await sets.lend(A, async (directory) => {
        const mine = join(directory, `${i}-${round}`);
        await writeFile(mine, 'here');
        for (let turn = 0; turn < 1 + i; turn++) await setImmediate();
        expect(await readFile(mine, 'utf8')).toBe('here');
      });
    }
  };
  await Promise.all(Array.from({ length: 5 }, (_, i) => visit(i)));
  // Two that tidy at once may both step back: what they leave goes with the next use.
  await sets.lend(B, use);
  expect(await readdir(root)).toEqual([]);
});

it('stays where what it was lent for fails, and is removed as any other', async () => {
  const root = await brought(A);
  const failing = () => Promise.reject(new Error('diverged'));
  await expect(new BroughtDatasets(root).lend(A, failing)).rejects.toThrow('diverged');
  expect(await readdir(root)).toEqual([A]);
});

it('what a kill has left half removed goes, what has another name stays', async () => {
  const root = await brought(A);
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  const [realm] = ownerTag().split('.');
  const left = temporaryPath(root, B).replace(ownerTag(), `${realm}.${child.pid}.0`);
  await mkdir(left);
  await mkdir(join(root, 'mine'));
  await symlink(join(root, 'mine'), join(root, C));
  await new BroughtDatasets(root, 0).lend(A, use);
  expect((await readdir(root)).sort()).toEqual([C, 'mine']);
});

it.each(['../../x', '', 'A'.repeat(64)])('the hash %j names nothing', async (bad) => {
  const root = await brought();
  await expect(new BroughtDatasets(root).lend(bad, use)).rejects.toMatchObject({
    code: 'invalid-request',
  });
});
