import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import tf from '#tensorflow';
import { sha256 } from '../../../demos/files/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { openProgramStore } from '../../../server/storage/program-store.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** As the program cache names what it keeps. */
const [A, B, C] = ['a', 'b', 'c'].map(sha256);

it('gives back what was written, in this process and the next', async () => {
  const directory = join(await temporaryDirectory(), 'programs');
  const store = await openProgramStore(directory);
  expect(await store.read(A)).toBeNull();
  await store.write(A, Uint8Array.of(1, 2, 3));
  await store.write(A, Uint8Array.of(4, 5));
  const again = await openProgramStore(directory);
  expect(Array.from((await again.read(A)) ?? [])).toEqual([4, 5]);
  expect(again.version).toBe(store.version);
  expect(await readdir(directory)).toEqual([A]);
});

it('forgets the oldest programs beyond its limit', async () => {
  const directory = await temporaryDirectory();
  const store = await openProgramStore(directory, 1000);
  for (const name of [A, B, C]) await store.write(name, new Uint8Array(400));
  expect(await store.read(C)).not.toBeNull();
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
    if (path !== null) await writeFile(path, 'half');
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
  expect(await store.read(A)).toBeNull();
  await store.write(A, Uint8Array.of(1));
  expect(await store.lendFile(async (path) => path)).toEqual([null, null]);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('was not kept'));
  warn.mockRestore();
});

describe('what lies where programs are kept', () => {
  const large = new Uint8Array(600);

  it('is pruned only where it is a program: files of other names, links and folders stay', async () => {
    const directory = join(await temporaryDirectory(), 'programs');
    const outside = join(await temporaryDirectory(), 'theirs');
    await writeFile(outside, large);
    await mkdir(directory);
    await writeFile(join(directory, 'holiday.jpg'), large);
    await symlink(outside, join(directory, sha256('link')));
    await mkdir(join(directory, sha256('folder')));
    const store = await openProgramStore(directory, 1000);
    for (const name of [A, B, C]) await store.write(name, large);
    const left = ['holiday.jpg', sha256('link'), sha256('folder'), C];
    expect((await readdir(directory)).sort()).toEqual(left.sort());
    expect(await readFile(outside)).toHaveLength(large.length);
  });

  it('is left alone where the folder is a link, which is said once', async () => {
    const data = await temporaryDirectory();
    const outside = await temporaryDirectory();
    for (const name of [A, B]) await writeFile(join(outside, name), large);
    await symlink(outside, join(data, 'programs'));
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const store = await openProgramStore(join(data, 'programs'), 1000);
    expect(await store.read(A)).toBeNull();
    await store.write(C, large);
    expect(await store.lendFile(async (path) => path)).toEqual([null, null]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(
      expect.stringMatching(/expected a directory, got a symbolic/),
    );
    warn.mockRestore();
    expect((await readdir(outside)).sort()).toEqual([A, B].sort());
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['a folder', (path) => mkdir(path)],
    ['a link', (path) => symlink('/dev/zero', path)],
    ['a pipe', async (path) => execFileSync('mkfifo', [path])],
  ])('(%s for a program) is no program, and nothing stops', async (_, put) => {
    const directory = join(await temporaryDirectory(), 'programs');
    await mkdir(directory);
    await put(join(directory, A));
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const store = await openProgramStore(directory);
    expect(await store.read(A)).toBeNull();
    await store.write(A, large);
    await store.write(B, large);
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
    expect(await store.read(B)).toHaveLength(large.length);
  });
});

describe('on a full disk', () => {
  const X = [{ name: 'x', shape: [2] }];
  const twice = ({ x }: Readonly<Record<string, tf.Tensor>>) => ({ y: tf.mul(x, 2) });

  /** Compiles as evaluation does, into a store in this directory, and says what it warned of. */
  async function compileIn(directory: string): Promise<{ y: number[]; warnings: string[] }> {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const engine = createCompiledEngine({ programs: await openProgramStore(directory) });
    const y: number[] = [];
    for (const key of ['one', 'two']) {
      const program = await engine.compile(twice, X, { key });
      const outputs = await program.run({ x: Float32Array.of(3, 4) });
      y.push(...outputs.y);
      await program.dispose();
    }
    const warnings = warn.mock.calls.map(([message]) => String(message));
    warn.mockRestore();
    return { y, warnings };
  }

  it('a program that the library cannot write is compiled without, and that is said once', async () => {
    const directory = await temporaryDirectory();
    const store = await openProgramStore(directory);
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const tried: boolean[] = [];
    const lend = () =>
      store.lendFile(async (path) => {
        tried.push(path !== null);
        if (path === null) return 'compiled';
        await writeFile(path, 'hal');
        throw new Error('Protobuf serialization failed.');
      });
    expect(await lend()).toEqual(['compiled', null]);
    expect(await lend()).toEqual(['compiled', null]);
    expect(tried).toEqual([true, false, true, false]);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('Protobuf serialization failed.')]]);
    warn.mockRestore();
    expect(await readdir(directory)).toEqual([]);
  });

  const mounts: string[] = [];
  afterAll(() => {
    for (const path of mounts) execFileSync('umount', [path]);
  });

  /** A disk with no byte left; null where this user may mount none. */
  async function fullDisk(): Promise<string | null> {
    const path = await temporaryDirectory();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', path], { stdio: 'ignore' });
    } catch {
      return null;
    }
    mounts.push(path);
    await writeFile(join(path, 'full'), new Uint8Array(16384)).catch(() => {});
    return path;
  }

  it('what compiles policies gives the same numbers', async ({ skip }) => {
    const disk = await fullDisk();
    if (disk === null) return skip('this user may mount nothing');
    await mkdir(join(disk, 'programs')).catch(() => {});
    const { y, warnings } = await compileIn(join(disk, 'programs'));
    expect(y).toEqual([6, 8, 6, 8]);
    expect(warnings).toEqual([expect.stringContaining('was not kept')]);
    await rm(join(disk, 'full'));
  });
});
