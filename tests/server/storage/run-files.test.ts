import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../server/protocol/index.ts';
import type { RunStore } from '../../../server/storage/run-store.ts';
import {
  append,
  metric,
  storeWithCheckpoint,
  storeWithRun,
  tinyCheckpoint,
  truncateTo,
} from '../../support/run-store.ts';
import { TINY_TRAINING } from '../../support/tiny-policy.ts';

/** Drops metrics after a step, as a training does that goes on from it. */
async function truncateMetrics(runs: RunStore, { id }: Run, step: number): Promise<void> {
  await (await runs.openMetrics(id, step)).close();
}

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
  it('is none before the first', async () => {
    const { runs, run } = await storeWithRun();
    expect(await runs.readCheckpoint(run.id)).toBeNull();
  });

  it('is read as it was written, with the digest that run.json names', async () => {
    const { runs, run } = await storeWithCheckpoint(4);
    const digest = run.checkpointSha256;
    expect(await runs.readCheckpoint(run.id)).toEqual({ ...tinyCheckpoint(4), digest });
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
    await runs.writeCheckpoint(run.id, tinyCheckpoint(6));
    expect((await runs.readCheckpoint(run.id))?.state.step).toBe(6);
    await runs.writeCheckpoint(run.id, tinyCheckpoint(2));
    await expect(runs.readCheckpoint(run.id)).rejects.toThrow(
      'expected the one of step 4, got one',
    );
  });

  it('of another run is not taken for its own, though it is sound', async () => {
    const { runs, run } = await storeWithCheckpoint(4);
    await runs.writeCheckpoint(run.id, tinyCheckpoint(6, { ...TINY_TRAINING, seed: 9 }));
    await expect(runs.readCheckpoint(run.id)).rejects.toThrow("got another run's");
    const other = tinyCheckpoint(4);
    other.state.vectors.moment1[0] += 1;
    await runs.writeCheckpoint(run.id, other);
    await expect(runs.readCheckpoint(run.id)).rejects.toThrow(
      `the one of sha-256 ${run.checkpointSha256}`,
    );
  });
});
