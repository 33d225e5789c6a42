import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunStore } from '../../../server/storage/run-store.ts';
import { storeWithRun } from '../../support/run-store.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

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
