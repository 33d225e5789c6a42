import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RunWatch } from '../../../server/jobs/run-watch.ts';
import { storeWithRun } from '../../support/run-store.ts';
import { FRESH_RUN } from '../../support/runs.ts';

it('of the runs of others it is told what has changed, once, and nothing of what was there', async () => {
  const { runs, run } = await storeWithRun();
  const own = await runs.create(FRESH_RUN);
  const told: [string, number][] = [];
  const watch = new RunWatch(
    runs,
    (id) => id === own.id,
    ({ id, step }) => told.push([id, step]),
  );
  await watch.look();
  expect(told).toEqual([]);
  await runs.update(run.id, { step: 3 });
  await runs.update(own.id, { step: 4 });
  const later = await runs.establish('flow-0123456789abcdef', FRESH_RUN);
  await watch.look();
  await watch.look();
  expect(told.sort()).toEqual([
    [later.id, 0],
    [run.id, 3],
  ]);
  await writeFile(join(runs.root, run.id, 'run.json'), '{');
  await watch.look();
  expect(told).toHaveLength(2);
});
