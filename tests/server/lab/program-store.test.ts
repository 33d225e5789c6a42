import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openProgramStore } from '../../../server/lab/program-store.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

it('gives back what was written, in this process and the next', async () => {
  const directory = join(await temporaryDirectory(), 'programs');
  const store = await openProgramStore(directory);
  expect(await store.read('a')).toBeNull();
  await store.write('a', Uint8Array.of(1, 2, 3));
  await store.write('a', Uint8Array.of(4, 5));
  const again = await openProgramStore(directory);
  expect(Array.from((await again.read('a')) ?? [])).toEqual([4, 5]);
  expect(again.version).toBe(store.version);
  expect(await readdir(directory)).toEqual(['a']);
});

it('forgets the oldest programs beyond its limit', async () => {
  const directory = await temporaryDirectory();
  const store = await openProgramStore(directory, 1000);
  for (const name of ['a', 'b', 'c']) await store.write(name, new Uint8Array(400));
  expect(await store.read('c')).not.toBeNull();
  expect(await readdir(directory)).toHaveLength(2);
});

it('lends a file, gives what was written to it and leaves none behind', async () => {
  const directory = join(await temporaryDirectory(), 'programs');
  const store = await openProgramStore(directory);
  const lent = await store.lendFile(async (path) => {
    await writeFile(path ?? '', 'optimised');
    return 7;
  });
  expect(lent).toEqual([7, Buffer.from('optimised')]);
  const failing = store.lendFile(async (path) => {
    await writeFile(path ?? '', 'half');
    throw new Error('refused');
  });
  await expect(failing).rejects.toThrow('refused');
  expect(await readdir(directory)).toEqual([]);
});

it('that cannot be written warns and goes on', async () => {
  const file = join(await temporaryDirectory(), 'a-file');
  await writeFile(file, '');
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
  const store = await openProgramStore(file);
  expect(await store.read('a')).toBeNull();
  await store.write('a', Uint8Array.of(1));
  expect(await store.lendFile(async (path) => path)).toEqual([null, null]);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('was not kept'));
  warn.mockRestore();
});
