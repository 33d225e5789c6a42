import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openSealed, ownerTag } from '../../../demos/files/index.ts';
import { append, storeWithRun, truncateTo } from '../../support/run-store.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { idleProcess } from '../../support/server.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const ended = idleProcess();
ended.kill('SIGKILL');

function unknownKeys(count: number): string {
  return Array.from({ length: count }, (_, i) => `"k${i}":1,`).join('');
}

describe('a damaged run', () => {
  it.each([
    ['cut off', (text: string) => text.slice(0, text.length / 2), 'is no JSON'],
    ['empty', () => '', 'is no JSON'],
    ['of another version', (text: string) => text.replace('"step"', '"steps"'), 'another version'],
    ['with a NaN', (text: string) => text.replace('"seconds": 0', '"seconds": NaN'), 'is no JSON'],
    ['with text for a number', (text: string) => text.replace('"step": 0', '"step": "0"'), 'step'],
  ])('(%s) says so by name and hides no other', async (_, damage, message) => {
    const { runs, run } = await storeWithRun();
    const sound = await runs.create(FRESH_RUN);
    const path = join(runs.root, run.id, 'run.json');
    const { text } = openSealed(await readFile(path, 'utf8')) ?? { text: '' };
    await writeFile(path, damage(text));
    await expect(runs.read(run.id)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining(message),
    });
    await expect(runs.read(run.id)).rejects.toThrow(run.id);
    expect((await runs.list()).map(({ id }) => id)).toEqual([sound.id]);
  });

  it('(of one changed digit) is told with both digests and the cure, and listed as damaged', async () => {
    const { runs, run } = await storeWithRun({ step: 3 });
    const sound = await runs.create(FRESH_RUN);
    const path = join(runs.root, run.id, 'run.json');
    const content = await readFile(path, 'utf8');
    await writeFile(path, content.replace('"step": 3', '"step": 7'));
    const message = expect.stringMatching(
      `^run ${run.id}: run.json: expected sha-256 [0-9a-f]{64}, got [0-9a-f]{64}; .*backup`,
    );
    await expect(runs.read(run.id)).rejects.toMatchObject({ code: 'damaged', message });
    expect(await runs.list()).toEqual([sound]);
    expect(await runs.listAll()).toEqual([
      { id: sound.id, run: sound },
      { id: run.id, error: expect.objectContaining({ code: 'damaged', message }) },
    ]);
  });

  it('(that learnt by a method of another version) says which there are, and is listed beside the others', async () => {
    const { runs, run } = await storeWithRun();
    const sound = await runs.create(FRESH_RUN);
    const path = join(runs.root, run.id, 'run.json');
    const { text } = openSealed(await readFile(path, 'utf8')) ?? { text: '' };
    await writeFile(path, text.replace('"policy": "flow"', '"policy": "consistency"'));
    const message = expect.stringMatching(
      /expected a method of l2, .*, got "consistency"; a version that has it may have written this/,
    );
    expect(await runs.listAll()).toEqual([
      { id: sound.id, run: sound },
      { id: run.id, error: expect.objectContaining({ code: 'damaged', message }) },
    ]);
    expect(await runs.read(sound.id)).toEqual(sound);
  });

  it('(of a person who took the seal off, or of the version before) is read as it is', async () => {
    const { runs, run } = await storeWithRun({ step: 3 });
    const path = join(runs.root, run.id, 'run.json');
    const { text } = openSealed(await readFile(path, 'utf8')) ?? { text: '' };
    await writeFile(path, text.replace('"step": 3', '"step": 7'));
    expect(await runs.read(run.id)).toEqual({ ...run, step: 7 });
  });

  it.each<[string, (path: string, text: string) => Promise<unknown>, RegExp]>([
    ['a pipe for a file', async (path) => execFileSync('mkfifo', [path]), /got a pipe/],
    ['a link to a device', (path) => symlink('/dev/zero', path), /got a symbolic link/],
    [
      'a file of gigabytes',
      (path) => truncateTo(path, 3 * 2 ** 30),
      /expected at most 262144 bytes/,
    ],
    [
      'ten thousand unknown keys',
      (path, text) => writeFile(path, text.replace('{', `{${unknownKeys(6000)}`)),
      /Unrecognized/,
    ],
    [
      'thousands of warnings',
      (path, text) =>
        writeFile(path, text.replace('"warnings": [', `"warnings": [${'"",'.repeat(9000)}""`)),
      /warnings/,
    ],
  ])('(with %s) is said to be so, shortly, beside the others', async (_, damage, expected) => {
    const { runs, run } = await storeWithRun();
    const sound = await runs.create(FRESH_RUN);
    const path = join(runs.root, run.id, 'run.json');
    const { text } = openSealed(await readFile(path, 'utf8')) ?? { text: '' };
    await rm(path);
    await damage(path, text);
    const [first, second] = await runs.listAll();
    expect(first.run).toEqual(sound);
    expect(second.error?.code).toBe('damaged');
    expect(second.error?.message).toMatch(expected);
    expect(second.error?.message.length).toBeLessThan(1500);
    expect(await runs.recover()).toEqual([expect.objectContaining({ id: sound.id })]);
  });

  it('(that is a link, or has links for files and locks) touches nothing outside', async () => {
    const { runs, run } = await storeWithRun({ status: 'running' });
    const outside = await temporaryDirectory();
    const tag = ownerTag().replace(/\.\d+\.\d+$/, `.${ended.pid}.0`);
    const names = [`${tag}.00000000`, `run.json.00000000.${tag}.tmp`, 'run.json'];
    for (const name of names) await writeFile(join(outside, name), name);
    await symlink(outside, join(runs.root, 'linked'));
    await rm(join(runs.root, run.id, '.locks'), { recursive: true, force: true });
    await symlink(outside, join(runs.root, run.id, '.locks'));
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    await runs.recover();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining(`run ${run.id} stays as it is`));
    warn.mockRestore();
    await expect(runs.hold(run.id)).rejects.toMatchObject({ code: 'damaged' });
    expect((await readdir(outside)).sort()).toEqual(names.sort());
    const { error } = (await runs.listAll()).find(({ id }) => id === 'linked') ?? {};
    expect(error?.message).toContain('expected a directory, got a symbolic link');
  });

  it.each(['metrics.jsonl', 'checkpoint.safetensors'])(
    '(with a link for %s) has it refused, or replaced, and what it leads to left alone',
    async (file) => {
      const { runs, run } = await storeWithRun();
      const outside = join(await temporaryDirectory(), 'file');
      await writeFile(outside, 'theirs');
      await symlink(outside, join(runs.root, run.id, file));
      const read =
        file === 'metrics.jsonl' ? runs.readMetrics(run.id) : runs.readCheckpoint(run.id);
      await expect(read).rejects.toMatchObject({ code: 'damaged' });
      await append(runs, run, 1);
      expect(await readFile(outside, 'utf8')).toBe('theirs');
    },
  );

  it.each(['run.json', 'metrics.jsonl', 'checkpoint.safetensors'])(
    '(with a directory for %s) says so by name, and hides and stops nothing',
    async (file) => {
      const { runs, run } = await storeWithRun({ status: 'running' });
      const sound = await runs.create({ ...FRESH_RUN, status: 'running' });
      await rm(join(runs.root, run.id, file), { force: true });
      await mkdir(join(runs.root, run.id, file));
      const read = { 'run.json': 'read', 'metrics.jsonl': 'readMetrics' } as const;
      const name = file in read ? read[file as keyof typeof read] : 'readCheckpoint';
      await expect(runs[name](run.id)).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringMatching(
          `run ${run.id}: expected to read ${file}, got .*${file}: expected a regular file, got a directory`,
        ),
      });
      expect((await runs.list()).map(({ id }) => id)).toContain(sound.id);
      expect((await runs.recover()).map(({ id }) => id)).toContain(sound.id);
    },
  );

  it('(copied with its id) is not taken for the other', async () => {
    const { runs, run } = await storeWithRun();
    await cp(join(runs.root, run.id), join(runs.root, 'copy'), { recursive: true });
    await expect(runs.read('copy')).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(
        `got "${run.id}".*write its own id there, and take out the last key, "sha256"`,
      ),
    });
    expect(await runs.list()).toEqual([run]);
    const path = join(runs.root, 'copy', 'run.json');
    const cured = (await readFile(path, 'utf8'))
      .replace(`"id": "${run.id}"`, '"id": "copy"')
      .replace(/,\n {2}"sha256": .*/, '');
    await writeFile(path, cured);
    expect(await runs.read('copy')).toEqual({ ...run, id: 'copy' });
  });

  it('(without its file, as a kill at its creation leaves it) is said to be damaged', async () => {
    const { runs } = await storeWithRun();
    await mkdir(join(runs.root, 'half-made'));
    await expect(runs.read('half-made')).rejects.toMatchObject({ code: 'damaged' });
    expect(await runs.list()).toHaveLength(1);
  });
});
