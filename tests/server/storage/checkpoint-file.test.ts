import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../server/storage/checkpoint-file.ts';
import { CHECKPOINT_FILE, RunStore } from '../../../server/storage/run-store.ts';
import { FRESH_RUN } from '../../support/runs.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

async function storeWithRun() {
  const runs = new RunStore(join(await temporaryDirectory(), 'runs'));
  const { id } = await runs.create({ ...FRESH_RUN, status: 'done' });
  return { runs, id, path: join(runs.root, id, CHECKPOINT_FILE) };
}

describe('the checkpoint of a run, opened to be sent', () => {
  it('is the file with its size', async () => {
    const { runs, id, path } = await storeWithRun();
    await writeFile(path, 'weights');
    const { bytes, file } = await openCheckpoint(runs, id);
    expect(bytes).toBe(7);
    expect(await file.readFile('utf8')).toBe('weights');
    await file.close();
  });

  it('is refused where there is no such run, or no checkpoint yet', async () => {
    const { runs, id } = await storeWithRun();
    await expect(openCheckpoint(runs, id)).rejects.toMatchObject({ code: 'conflict' });
    for (const wrong of ['nobody', '../runs', '.trash', '']) {
      await expect(openCheckpoint(runs, wrong)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it.each([
    ['a directory', (path: string) => mkdir(path)],
    ['a link', (path: string) => symlink('/dev/zero', path)],
    ['a link to a file', (path: string) => symlink(join(path, '..', 'run.json'), path)],
    ['a pipe', async (path: string) => execFileSync('mkfifo', [path])],
    ['empty', (path: string) => writeFile(path, '')],
  ])('is refused at once where it is %s', async (_, make) => {
    const { runs, id, path } = await storeWithRun();
    await make(path);
    await expect(openCheckpoint(runs, id)).rejects.toMatchObject({ code: 'damaged' });
  });
});
