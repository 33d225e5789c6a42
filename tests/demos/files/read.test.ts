import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listDirectory, makeDirectory, readRegular } from '../../../demos/files/index.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const root = await temporaryDirectory();
const outside = await temporaryDirectory();
await mkdir(join(root, 'a/b'), { recursive: true });
await writeFile(join(root, 'a/b/file'), 'content');
await writeFile(join(outside, 'file'), 'secret');
await symlink(outside, join(root, 'linked'));
await symlink(join(root, 'a'), join(root, 'within'));
await symlink(join(outside, 'file'), join(root, 'a/link'));
await symlink(join(root, 'a/nowhere'), join(root, 'a/broken'));

describe('reading a file', () => {
  it('gives all of it', async () => {
    expect((await readRegular(root, 'a/b/file', 7)).toString()).toBe('content');
  });

  it.each([
    ['nothing', 'a/none', 'missing'],
    ['nothing in nothing', 'none/none', 'missing'],
    ['a file as a directory', 'a/b/file/x', 'not-regular'],
    ['a directory', 'a/b', 'not-regular'],
    ['a link to a file', 'a/link', 'not-regular'],
    ['a link to nothing', 'a/broken', 'not-regular'],
    ['a file behind a link', 'linked/file', 'not-regular'],
    ['a file behind a link to a directory beside it', 'within/b/file', 'not-regular'],
  ])('refuses %s, by its name', async (_, path, code) => {
    await expect(readRegular(root, path, 100)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(join(root, path.split('/')[0])),
    });
  });

  it('refuses more than it may hold before it is read, also where the size is a claim', async () => {
    await expect(readRegular(root, 'a/b/file', 6)).rejects.toMatchObject({ code: 'too-large' });
    const sparse = await open(join(root, 'sparse'), 'w');
    await sparse.truncate(2 ** 40);
    await sparse.close();
    await expect(readRegular(root, 'sparse', 2 ** 20)).rejects.toMatchObject({ code: 'too-large' });
  });

  it.runIf(process.platform === 'linux')('never waits for a pipe or a device', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await symlink('/dev/zero', join(root, 'zero'));
    for (const path of ['pipe', 'zero']) {
      await expect(readRegular(root, path, 100)).rejects.toMatchObject({ code: 'not-regular' });
    }
    await expect(readRegular('/dev', 'zero', 100)).rejects.toMatchObject({ code: 'not-regular' });
  });
});

describe('listing a directory', () => {
  it('gives what is in it, and nothing of what is not there', async () => {
    expect((await listDirectory(root, 'a')).map(({ name }) => name).sort()).toEqual([
      'b',
      'broken',
      'link',
    ]);
    expect(await listDirectory(root, 'none')).toEqual([]);
    expect(await listDirectory(join(root, 'none'))).toEqual([]);
  });

  it.each(['linked', 'within/b', 'a/b/file'])('refuses %s', async (path) => {
    await expect(listDirectory(root, path)).rejects.toMatchObject({ code: 'not-regular' });
  });
});

describe('making a directory', () => {
  it('makes what is missing below its root, and not the root', async () => {
    await makeDirectory(root, 'new/deep');
    await makeDirectory(root, 'new/deep');
    expect(await readdir(join(root, 'new'))).toEqual(['deep']);
    await expect(makeDirectory(join(root, 'none'), 'x')).rejects.toMatchObject({ code: 'missing' });
  });

  it('makes nothing behind a link', async () => {
    await expect(makeDirectory(root, 'linked/new')).rejects.toMatchObject({ code: 'not-regular' });
    expect(await readdir(outside)).toEqual(['file']);
  });
});
