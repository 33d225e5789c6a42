import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  ensureDirectory,
  placeDirectory,
  placeFile,
  removeTemporaries,
  temporaryPath,
  writeFileAtomic,
} from '../../../demos/files/index.ts';
import { ownerTag } from '../../../demos/files/owner.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

it('creates a file, and replaces it', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'file');
  await writeFileAtomic(path, 'text');
  expect(await readFile(path, 'utf8')).toBe('text');
  await writeFileAtomic(path, Uint8Array.of(1, 2));
  expect([...(await readFile(path))]).toEqual([1, 2]);
  expect(await readdir(directory)).toEqual(['file']);
});

it('never changes a file that is open: a reader of the old one reads it to its end', async () => {
  const path = join(await temporaryDirectory(), 'file');
  await writeFileAtomic(path, 'old');
  const { ino } = await stat(path);
  await writeFileAtomic(path, 'new');
  expect((await stat(path)).ino).not.toBe(ino);
});

it('leaves nothing behind where it fails', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'taken'));
  await expect(writeFileAtomic(join(directory, 'taken'), 'text')).rejects.toThrow();
  await expect(writeFileAtomic(join(directory, 'none/file'), 'text')).rejects.toThrow(/ENOENT/);
  expect(await readdir(directory)).toEqual(['taken']);
});

it('says by its own kind of error that a directory stands where the file belongs', async () => {
  const directory = await temporaryDirectory();
  await mkdir(join(directory, 'taken'));
  await expect(writeFileAtomic(join(directory, 'taken'), 'text')).rejects.toMatchObject({
    code: 'not-regular',
    message: expect.stringContaining('taken: expected a regular file, got a directory'),
  });
});

it('writes aside where it is told to', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'file');
  await expect(placeFile(path, 'x', { staging: join(directory, 'none') })).rejects.toThrow(
    /ENOENT/,
  );
  await mkdir(join(directory, 'staging'));
  await placeFile(path, 'x', { staging: join(directory, 'staging') });
  expect(await readdir(join(directory, 'staging'))).toEqual([]);
});

it('lets simultaneous writers of one file each write all of it', async () => {
  const path = join(await temporaryDirectory(), 'file');
  const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(10_000));
  await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
});

it('puts a directory in place, but not over another', async () => {
  const directory = await temporaryDirectory();
  await ensureDirectory(join(directory, 'staged/deep'));
  await placeDirectory(join(directory, 'staged'), join(directory, 'target'));
  expect(await readdir(join(directory, 'target'))).toEqual(['deep']);
  await ensureDirectory(join(directory, 'staged'));
  await expect(
    placeDirectory(join(directory, 'staged'), join(directory, 'target')),
  ).rejects.toThrow(/ENOTEMPTY|EEXIST/);
});

it('makes a directory with all above it, or finds it there', async () => {
  const path = join(await temporaryDirectory(), 'a/b/c');
  await ensureDirectory(path);
  await ensureDirectory(path);
  expect((await stat(path)).isDirectory()).toBe(true);
});

it('says what a directory cannot be made in', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'file'), '');
  await expect(ensureDirectory(join(directory, 'file/deep'))).rejects.toThrow(/ENOTDIR/);
  await expect(ensureDirectory(join(directory, 'file'))).rejects.toThrow(/EEXIST/);
});

it.runIf(process.platform === 'linux')('never waits for a directory that cannot be', async () => {
  await expect(ensureDirectory('/proc/none/deep')).rejects.toThrow(/ENOENT/);
});

it('removes what ended processes left, and nothing else', async () => {
  const directory = await temporaryDirectory();
  const own = temporaryPath(directory, 'own');
  const [host] = ownerTag().split('.');
  // No system gives out process numbers this high.
  const left = join(directory, `left.parquet.00000000.${host}.999999999.1.tmp`);
  const foreign = join(directory, 'other.00000000.elsewhere.1.1.tmp');
  for (const path of [own, foreign, join(directory, 'user.tmp')]) await writeFile(path, '');
  await ensureDirectory(join(left, 'deep'));
  await removeTemporaries(directory);
  const names = await readdir(directory);
  expect(names.map((name) => join(directory, name)).sort()).toEqual(
    [own, foreign, join(directory, 'user.tmp')].sort(),
  );
});

it('removes only names of its own making, and none through a link', async () => {
  const [realm] = ownerTag().split('.');
  const left = `left.parquet.00000000.${realm}.999999999.1.tmp`;
  const outside = await temporaryDirectory();
  await writeFile(join(outside, left), 'x');
  const directory = await temporaryDirectory();
  await symlink(outside, join(directory, 'staging'));
  await expect(removeTemporaries(directory, 'staging')).rejects.toMatchObject({
    code: 'not-regular',
    message: expect.stringContaining('a symbolic link'),
  });
  await symlink(outside, join(directory, left));
  await removeTemporaries(directory);
  expect(await readdir(directory)).toEqual(['staging']);
  expect(await readdir(outside)).toEqual([left]);
});
