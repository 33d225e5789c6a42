import { execFileSync } from 'node:child_process';
import {
  appendFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openSealed, ownerTag } from '../../../demos/files/index.ts';
import type { TrainingSpec } from '../../../policies/config/index.ts';
import type { Metric, Run } from '../../../server/protocol/index.ts';
import { RunStore } from '../../../server/storage/run-store.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { idleProcess } from '../../support/server.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { TINY_TRAINING, tinyPolicy } from '../../support/tiny-policy.ts';

const metric = (step: number): Metric => ({
  step,
  loss: 1 / step,
  gradientNorm: 2,
  learningRate: 1e-3,
  seconds: step / 10,
});

/** A file that has a size and takes no room. */
async function truncateTo(path: string, size: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, size);
}

function unknownKeys(count: number): string {
  return Array.from({ length: count }, (_, i) => `"k${i}":1,`).join('');
}

/** Adds metrics to those of a run, as a training does. */
async function append(runs: RunStore, { id }: Run, ...steps: readonly number[]): Promise<string> {
  const log = await runs.openMetrics(id);
  for (const step of steps) await log.append(metric(step));
  const chain = await log.commit();
  await log.close();
  return chain;
}

/** Drops metrics after a step, as a training does that goes on from it. */
async function truncateMetrics(runs: RunStore, { id }: Run, step: number): Promise<void> {
  await (await runs.openMetrics(id, step)).close();
}

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

async function storeWithRun(changes: Partial<Run> = {}): Promise<{ runs: RunStore; run: Run }> {
  const runs = new RunStore(join(await temporaryDirectory(), 'runs'));
  return { runs, run: await runs.create({ ...FRESH_RUN, ...changes }) };
}

describe('a run store', () => {
  it('is empty before its directory is there', async () => {
    const runs = new RunStore(join(await temporaryDirectory(), 'nowhere'));
    expect(await runs.list()).toEqual([]);
    expect(await runs.recover()).toEqual([]);
  });

  it('reads a run as it was created, and gives each an id of its own', async () => {
    const { runs, run } = await storeWithRun();
    const other = await runs.create(FRESH_RUN);
    expect(await runs.read(run.id)).toEqual(run);
    expect(run).toMatchObject(FRESH_RUN);
    expect(other.id).not.toBe(run.id);
    expect(run.id).toMatch(/^flow-\d{8}-\d{6}-[0-9a-f]{4}$/);
    expect((await runs.list()).map(({ id }) => id).sort()).toEqual([run.id, other.id].sort());
  });

  it('lists the newest first', async () => {
    const { runs, run } = await storeWithRun();
    await mkdir(join(runs.root, 'older'));
    await runs.write({ ...run, id: 'older', createdAt: '2020-01-01T00:00:00.000Z' });
    await mkdir(join(runs.root, 'newer'));
    await runs.write({ ...run, id: 'newer', createdAt: '2099-01-01T00:00:00.000Z' });
    expect((await runs.list()).map(({ id }) => id)).toEqual(['newer', run.id, 'older']);
  });

  it('changes some fields and keeps the others', async () => {
    const { runs, run } = await storeWithRun();
    const updated = await runs.update(run.id, { status: 'running', step: 4, loss: 0.5 });
    expect(updated).toEqual({ ...run, status: 'running', step: 4, loss: 0.5 });
    expect(await runs.read(run.id)).toEqual(updated);
    expect(await readdir(join(runs.root, run.id))).toEqual(['run.json']);
  });
});

describe('a name from outside', () => {
  it.each(['../x', '..', '.', '', 'a/../../x', '/etc', 'x\0', 'RUN', 'a'.repeat(500)])(
    '%j finds nothing, whatever lies there',
    async (id) => {
      const { runs, run } = await storeWithRun();
      await mkdir(join(runs.root, '..', 'x'));
      await writeFile(
        join(runs.root, '..', 'x', 'run.json'),
        await readFile(join(runs.root, run.id, 'run.json')),
      );
      for (const read of ['read', 'readMetrics', 'readCheckpoint'] as const) {
        await expect(runs[read](id)).rejects.toMatchObject({ code: 'not-found' });
      }
    },
  );

  it('that is a link out of the store finds nothing', async () => {
    const { runs, run } = await storeWithRun();
    const elsewhere = await storeWithRun();
    await symlink(join(elsewhere.runs.root, elsewhere.run.id), join(runs.root, 'linked'));
    await expect(runs.read('linked')).rejects.toMatchObject({ code: 'not-found' });
    expect((await runs.list()).map(({ id }) => id)).toEqual([run.id]);
  });

  it('that is wrong is answered with those that are right', async () => {
    const { runs, run } = await storeWithRun();
    await expect(runs.read('nope')).rejects.toThrow(`expected one of ${run.id}, got "nope"`);
    const none = new RunStore(join(await temporaryDirectory(), 'runs'));
    await expect(none.read('nope')).rejects.toThrow('train one first');
  });
});

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

describe('metrics', () => {
  const file = (runs: RunStore, { id }: Run) => join(runs.root, id, 'metrics.jsonl');

  it('are none at first, then those that were appended', async () => {
    const { runs, run } = await storeWithRun();
    expect(await runs.readMetrics(run.id)).toEqual([]);
    await append(runs, run, 1, 2);
    expect(await runs.readMetrics(run.id)).toEqual([metric(1), metric(2)]);
  });

  it('survive a last line cut off at any byte', async () => {
    const { runs, run } = await storeWithRun();
    const path = file(runs, run);
    await append(runs, run, 1, 2);
    const whole = await readFile(path);
    const first = whole.indexOf('\n') + 1;
    for (let length = first; length < whole.length; length++) {
      await writeFile(path, whole);
      await truncate(path, length);
      expect(await runs.readMetrics(run.id), `${length} bytes`).toEqual([metric(1)]);
    }
  });

  it('survive zeros where a power cut left them after the lines that are committed', async () => {
    const { runs, run } = await storeWithRun();
    const metricsChain = await append(runs, run, 1);
    await runs.update(run.id, { metricsChain });
    await appendFile(file(runs, run), `\0\0\0\0"seconds":1}\n{}\n`);
    expect(await runs.readMetrics(run.id)).toEqual([metric(1)]);
  });

  it.each(['', '{"step":2', 'null', '{"step":"2"}', '{"step":2,"exec":"rm"}'])(
    'with a line that is none (%j) are damaged, and gone on with from the sound ones, once said',
    async (line) => {
      const { runs, run } = await storeWithRun();
      await append(runs, run, 1);
      const sound = await readFile(file(runs, run), 'utf8');
      await append(runs, run, 3);
      const both = await readFile(file(runs, run), 'utf8');
      await writeFile(file(runs, run), both.replace(sound, `${sound}${line}\n`));
      await expect(runs.readMetrics(run.id)).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining(`run ${run.id}: metrics.jsonl, line 2: expected a metric`),
      });
      await append(runs, run, 2);
      expect(await runs.readMetrics(run.id)).toEqual([metric(1), metric(2)]);
      await truncateMetrics(runs, run, 1);
      expect(await runs.readMetrics(run.id)).toEqual([metric(1)]);
      expect((await runs.read(run.id)).warnings).toEqual([
        expect.stringMatching(/metrics.jsonl was damaged .* 1 points are left/),
      ]);
    },
  );

  it('after a step are dropped where a resumed run makes them again', async () => {
    const { runs, run } = await storeWithRun();
    await append(runs, run, 2, 4, 6);
    await appendFile(file(runs, run), '{"step":8,"lo');
    await truncateMetrics(runs, run, 4);
    await append(runs, run, 6);
    expect((await runs.readMetrics(run.id)).map(({ step }) => step)).toEqual([2, 4, 6]);
  });

  it('of the version before, without chains, are read and gone on with', async () => {
    const { runs, run } = await storeWithRun();
    await writeFile(
      file(runs, run),
      [1, 2].map((step) => `${JSON.stringify(metric(step))}\n`).join(''),
    );
    expect(await runs.readMetrics(run.id)).toEqual([metric(1), metric(2)]);
    await append(runs, run, 3);
    expect(await runs.readMetrics(run.id)).toEqual([metric(1), metric(2), metric(3)]);
    expect((await runs.read(run.id)).warnings).toEqual([]);
  });

  it.each<[string, (lines: string[]) => string[], RegExp]>([
    [
      'changed in a digit',
      ([a, ...rest]) => [a.replace('"loss":1', '"loss":2'), ...rest],
      /line 1/,
    ],
    ['moved', ([a, b, c]) => [a, c, b], /line 2: expected chain/],
    ['lost among others', ([a, , c]) => [a, c], /line 2: expected chain/],
    ['lost at the end', ([a, b]) => [a, b], /expected all lines up to .* got 2 without it/],
    ['lost at the beginning', ([, b, c]) => [b, c], /line 1: expected chain/],
    [
      'without its chain',
      ([a, b, c]) => [a, b.replace(/,"chain":"\w+"/, ''), c],
      /line 2.*got none/,
    ],
    ['all lost', () => [], /got 0 without it/],
  ])('with a committed line %s are damaged', async (_, damage, message) => {
    const { runs, run } = await storeWithRun();
    const metricsChain = await append(runs, run, 1, 2, 3);
    await runs.update(run.id, { metricsChain });
    const lines = (await readFile(file(runs, run), 'utf8')).trimEnd().split('\n');
    await writeFile(
      file(runs, run),
      damage(lines)
        .map((line) => `${line}\n`)
        .join(''),
    );
    const error = await runs.readMetrics(run.id).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'damaged', message: expect.stringMatching(message) });
    await append(runs, run);
    expect((await runs.read(run.id)).warnings).toHaveLength(1);
    await runs.readMetrics(run.id);
  });

  it('whose chain stands over lines of the version before show a change of these', async () => {
    const { runs, run } = await storeWithRun();
    await append(runs, run, 1, 2);
    const [first, second] = (await readFile(file(runs, run), 'utf8')).split('\n');
    const bare = first.replace(/,"chain":"\w+"/, '');
    await writeFile(file(runs, run), `${bare}\n${second}\n`);
    expect(await runs.readMetrics(run.id)).toEqual([metric(1), metric(2)]);
    await writeFile(file(runs, run), `${bare.replace('"step":1', '"step":0')}\n${second}\n`);
    await expect(runs.readMetrics(run.id)).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('a checkpoint', () => {
  const policy = tinyPolicy({ kind: 'flow' });
  const OF_TINY = { spec: policy.spec, training: TINY_TRAINING };

  /** As a training keeps it after so many steps. */
  const checkpointOf = (step: number, training: TrainingSpec = TINY_TRAINING) => {
    const of = (value: number) => policy.weights.map((weight) => weight * value + step);
    const vectors = { weights: of(2), moment1: of(0.1), moment2: of(0), ema: of(1) };
    return { policy: { ...policy, weights: vectors.ema }, training, state: { step, vectors } };
  };

  async function storeWithCheckpoint(step: number): Promise<{ runs: RunStore; run: Run }> {
    const { runs, run } = await storeWithRun(OF_TINY);
    const checkpointSha256 = await runs.writeCheckpoint(run.id, checkpointOf(step));
    return { runs, run: await runs.update(run.id, { step, checkpointSha256 }) };
  }

  it('is none before the first', async () => {
    const { runs, run } = await storeWithRun();
    expect(await runs.readCheckpoint(run.id)).toBeNull();
  });

  it('is read as it was written, with the digest that run.json names', async () => {
    const { runs, run } = await storeWithCheckpoint(4);
    const digest = run.checkpointSha256;
    expect(await runs.readCheckpoint(run.id)).toEqual({ ...checkpointOf(4), digest });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.from('no safetensors at all, but long enough to have a header')],
    ['a header of four exabytes', Buffer.alloc(64, 0x7f)],
  ])('of %s is damaged', async (_, bytes) => {
    const { runs, run } = await storeWithRun();
    await writeFile(join(runs.root, run.id, 'checkpoint.safetensors'), bytes);
    await expect(runs.readCheckpoint(run.id)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining(run.id),
    });
  });

  it('that is larger than its policy can make it is not read', async () => {
    const { runs, run } = await storeWithRun();
    await truncateTo(join(runs.root, run.id, 'checkpoint.safetensors'), 64 * 2 ** 30);
    await expect(runs.readCheckpoint(run.id)).rejects.toThrow(/expected at most \d+ bytes/);
  });

  it.each([0, 4])('that is gone after step %d is said to be, and is no beginning', async (step) => {
    const { runs, run } = await storeWithCheckpoint(step);
    await rm(join(runs.root, run.id, 'checkpoint.safetensors'));
    await expect(runs.readCheckpoint(run.id)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining(`expected the one of step ${step}, got none; restore`),
    });
  });

  it('of a later step than run.json tells of is what a kill leaves, of an earlier one is none', async () => {
    const { runs, run } = await storeWithCheckpoint(4);
    await runs.writeCheckpoint(run.id, checkpointOf(6));
    expect((await runs.readCheckpoint(run.id))?.state.step).toBe(6);
    await runs.writeCheckpoint(run.id, checkpointOf(2));
    await expect(runs.readCheckpoint(run.id)).rejects.toThrow(
      'expected the one of step 4, got one',
    );
  });

  it('of another run is not taken for its own, though it is sound', async () => {
    const { runs, run } = await storeWithCheckpoint(4);
    await runs.writeCheckpoint(run.id, checkpointOf(6, { ...TINY_TRAINING, seed: 9 }));
    await expect(runs.readCheckpoint(run.id)).rejects.toThrow("got another run's");
    const other = checkpointOf(4);
    other.state.vectors.moment1[0] += 1;
    await runs.writeCheckpoint(run.id, other);
    await expect(runs.readCheckpoint(run.id)).rejects.toThrow(
      `the one of sha-256 ${run.checkpointSha256}`,
    );
  });
});

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
