import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../../server/protocol/index.ts';
import { RunStore } from '../../../server/storage/run-store.ts';
import { renameRun } from '../../../server/storage/run-title.ts';
import { restoreRun, trashRun } from '../../../server/storage/run-trash.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

async function storeWithRun(changes: Partial<Run> = {}) {
  const runs = new RunStore(join(await temporaryDirectory(), 'runs'));
  const run = await runs.create({ ...FRESH_RUN, status: 'done', ...changes });
  return { runs, run };
}

const idsOf = async (runs: RunStore) => (await runs.list()).map(({ id }) => id);

describe('a run in the trash', () => {
  it('is not listed, and comes back as it was', async () => {
    const { runs, run } = await storeWithRun();
    const log = await runs.openMetrics(run.id);
    await log.append({ step: 1, loss: 1, gradientNorm: 1, learningRate: 1, seconds: 1 });
    await log.close();
    const id = await trashRun(runs, run.id);
    expect(id).toMatch(new RegExp(`^${run.id}\\.\\d{8}T\\d{9}Z$`));
    expect(await idsOf(runs)).toEqual([]);
    expect(await readdir(join(runs.root, '.trash'))).toContain(id);
    expect(await restoreRun(runs, id)).toEqual(run);
    expect(await runs.readMetrics(run.id)).toHaveLength(1);
    // Nobody holds it any more.
    await (await runs.hold(run.id)).release();
  });

  it('cannot be restored twice, nor over a run of its id', async () => {
    const { runs, run } = await storeWithRun();
    const id = await trashRun(runs, run.id);
    await mkdir(join(runs.root, run.id));
    await expect(restoreRun(runs, id)).rejects.toMatchObject({ code: 'exists' });
    const other = await storeWithRun();
    const again = await trashRun(other.runs, other.run.id);
    await restoreRun(other.runs, again);
    await expect(restoreRun(other.runs, again)).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each(['', '..', '../x', 'x', 'x.20260101T000000000Z/..', '.trash', '/etc'])(
    'is not found under %j',
    async (id) => {
      const { runs, run } = await storeWithRun();
      await trashRun(runs, run.id);
      await expect(restoreRun(runs, id)).rejects.toMatchObject({ code: 'not-found' });
    },
  );

  it('is never a link to somewhere else', async () => {
    const { runs, run } = await storeWithRun();
    await trashRun(runs, run.id);
    const elsewhere = await temporaryDirectory();
    await writeFile(join(elsewhere, 'run.json'), '{}');
    const id = 'linked.20260101T000000000Z';
    await symlink(elsewhere, join(runs.root, '.trash', id));
    await expect(restoreRun(runs, id)).rejects.toMatchObject({ code: 'not-found' });
    expect(await readFile(join(elsewhere, 'run.json'), 'utf8')).toBe('{}');
  });
});

describe('a run that waits or is trained', () => {
  it('can neither be trashed nor renamed', async () => {
    const { runs, run } = await storeWithRun({ status: 'running' });
    const lock = await runs.hold(run.id);
    const attempts = [() => trashRun(runs, run.id), () => renameRun(runs, run.id, 'mine')];
    for (const attempt of attempts) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('stop it first'),
      });
    }
    await lock.release();
    expect(await runs.read(run.id)).toEqual(run);
  });

  it('is interrupted when it comes back, if it says so and nobody trains it', async () => {
    const { runs, run } = await storeWithRun({ status: 'running' });
    const restored = await restoreRun(runs, await trashRun(runs, run.id));
    expect(restored.status).toBe('interrupted');
  });
});

describe('of those who throw away the same run at once', () => {
  it('one does, and the others find none', async () => {
    for (let round = 0; round < 20; round++) {
      const { runs, run } = await storeWithRun();
      const other = new RunStore(runs.root);
      const answers = await Promise.allSettled(
        [runs, other, runs, other].map((each) => trashRun(each, run.id)),
      );
      const refused = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      expect(refused.map(({ code }) => code)).toEqual(['not-found', 'not-found', 'not-found']);
      const [done] = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      await restoreRun(runs, done);
      await (await runs.hold(run.id)).release();
    }
  });
});

describe("a run's name", () => {
  it('is kept beside its id, and taken away again', async () => {
    const { runs, run } = await storeWithRun();
    expect((await renameRun(runs, run.id, 'the good one')).title).toBe('the good one');
    expect(await runs.read(run.id)).toEqual({ ...run, title: 'the good one' });
    await renameRun(runs, run.id, null);
    expect(await runs.read(run.id)).toEqual(run);
  });
});
