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
import { afterAll, describe, expect, it } from 'vitest';
import { ownerTag } from '../../../demos/files/index.ts';
import { presetPolicy } from '../../../policies/spec/index.ts';
import { RunStore } from '../../../server/lab/run-store.ts';
import type { Metric, Run } from '../../../server/protocol/index.ts';
import { idleProcess } from '../../support/server.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const FRESH: Omit<Run, 'id' | 'createdAt'> = {
  policy: 'flow',
  preset: 'quick',
  spec: presetPolicy('quick', 'flow', { task: 'left-right', controlHz: 20 }),
  training: {
    steps: 10,
    batch: 64,
    learningRate: 1e-3,
    warmupSteps: 1,
    weightDecay: 1e-6,
    clipNorm: 1,
    emaDecay: 0.995,
    seed: 0,
  },
  dataset: { name: 'demos', hash: 'abc', episodes: 2 },
  status: 'queued',
  pid: null,
  engine: null,
  step: 0,
  loss: null,
  seconds: 0,
  warnings: [],
  error: null,
};

const metric = (step: number): Metric => ({
  step,
  loss: 1 / step,
  gradientNorm: 2,
  learningRate: 1e-3,
  seconds: step / 10,
});

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
  return { runs, run: await runs.create({ ...FRESH, ...changes }) };
}

describe('a run store', () => {
  it('is empty before its directory is there', async () => {
    const runs = new RunStore(join(await temporaryDirectory(), 'nowhere'));
    expect(await runs.list()).toEqual([]);
    expect(await runs.recover()).toEqual([]);
  });

  it('reads a run as it was created, and gives each an id of its own', async () => {
    const { runs, run } = await storeWithRun();
    const other = await runs.create(FRESH);
    expect(await runs.read(run.id)).toEqual(run);
    expect(run).toMatchObject(FRESH);
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
    const sound = await runs.create(FRESH);
    const path = join(runs.root, run.id, 'run.json');
    await writeFile(path, damage(await readFile(path, 'utf8')));
    await expect(runs.read(run.id)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining(message),
    });
    await expect(runs.read(run.id)).rejects.toThrow(run.id);
    expect((await runs.list()).map(({ id }) => id)).toEqual([sound.id]);
  });

  it.each(['run.json', 'metrics.jsonl', 'checkpoint.safetensors'])(
    '(with a directory for %s) says so by name, and hides and stops nothing',
    async (file) => {
      const { runs, run } = await storeWithRun({ status: 'running' });
      const sound = await runs.create({ ...FRESH, status: 'running' });
      await rm(join(runs.root, run.id, file), { force: true });
      await mkdir(join(runs.root, run.id, file));
      const read = { 'run.json': 'read', 'metrics.jsonl': 'readMetrics' } as const;
      const name = file in read ? read[file as keyof typeof read] : 'readCheckpoint';
      await expect(runs[name](run.id)).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining(`run ${run.id}: expected to read ${file}, got EISDIR`),
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
      message: expect.stringContaining(`got "${run.id}"`),
    });
    expect(await runs.list()).toEqual([run]);
  });

  it('(without its file, as a kill at its creation leaves it) is said to be damaged', async () => {
    const { runs } = await storeWithRun();
    await mkdir(join(runs.root, 'half-made'));
    await expect(runs.read('half-made')).rejects.toMatchObject({ code: 'damaged' });
    expect(await runs.list()).toHaveLength(1);
  });
});

describe('metrics', () => {
  it('are none at first, then those that were appended', async () => {
    const { runs, run } = await storeWithRun();
    expect(await runs.readMetrics(run.id)).toEqual([]);
    await runs.appendMetric(run.id, metric(1));
    await runs.appendMetric(run.id, metric(2));
    expect(await runs.readMetrics(run.id)).toEqual([metric(1), metric(2)]);
  });

  it('survive a last line cut off at any byte', async () => {
    const { runs, run } = await storeWithRun();
    const path = join(runs.root, run.id, 'metrics.jsonl');
    await runs.appendMetric(run.id, metric(1));
    await runs.appendMetric(run.id, metric(2));
    const whole = await readFile(path);
    const first = whole.indexOf('\n') + 1;
    for (let length = first; length < whole.length; length++) {
      await writeFile(path, whole);
      await truncate(path, length);
      expect(await runs.readMetrics(run.id), `${length} bytes`).toEqual([metric(1)]);
    }
  });

  it.each(['', '{"step":2', 'null', '{"step":"2"}', '\0\0\0\0'])(
    'survive a damaged line (%j) between sound ones',
    async (line) => {
      const { runs, run } = await storeWithRun();
      await runs.appendMetric(run.id, metric(1));
      await appendFile(join(runs.root, run.id, 'metrics.jsonl'), `${line}\n`);
      await runs.appendMetric(run.id, metric(3));
      expect(await runs.readMetrics(run.id)).toEqual([metric(1), metric(3)]);
      await runs.truncateMetrics(run.id, 2);
      expect(await runs.readMetrics(run.id)).toEqual([metric(1)]);
    },
  );

  it('after a step are dropped where a resumed run makes them again', async () => {
    const { runs, run } = await storeWithRun();
    for (const step of [2, 4, 6]) await runs.appendMetric(run.id, metric(step));
    await appendFile(join(runs.root, run.id, 'metrics.jsonl'), '{"step":8,"lo');
    await runs.truncateMetrics(run.id, 4);
    await runs.appendMetric(run.id, metric(6));
    expect((await runs.readMetrics(run.id)).map(({ step }) => step)).toEqual([2, 4, 6]);
  });
});

describe('a checkpoint', () => {
  it('is none before the first', async () => {
    const { runs, run } = await storeWithRun();
    expect(await runs.readCheckpoint(run.id)).toBeNull();
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
    const running = await runs.create({ ...FRESH, status: 'running', pid: live.pid ?? 0 });
    await holdAs(live, runs, running);
    const waiting = await runs.create({ ...FRESH, status: 'queued' });
    await holdAs(live, runs, waiting);
    const forgotten = await runs.create({ ...FRESH, status: 'queued' });
    const done = await runs.create({ ...FRESH, status: 'done', step: 10 });
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
    const other = await runs.create(FRESH);
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
    const dead = await runs.create({ ...FRESH, status: 'running', pid: ended.pid ?? 0 });
    await writeFile(join(runs.root, run.id, 'run.json'), '{');
    expect((await runs.recover()).map(({ id }) => id)).toEqual([dead.id]);
  });
});
