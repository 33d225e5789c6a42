import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metric, Run } from '../../server/protocol/index.ts';
import { RunStore } from '../../server/storage/run-store.ts';
import { FRESH_RUN } from './runs.ts';
import { temporaryDirectory } from './temporary.ts';

export const metric = (step: number): Metric => ({
  step,
  loss: 1 / step,
  gradientNorm: 2,
  learningRate: 1e-3,
  seconds: step / 10,
});

/** A file that has a size and takes no room. */
export async function truncateTo(path: string, size: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, size);
}

/** Adds metrics to those of a run, as a training does. */
export async function append(
  runs: RunStore,
  { id }: Run,
  ...steps: readonly number[]
): Promise<string> {
  const log = await runs.openMetrics(id);
  for (const step of steps) await log.append(metric(step));
  const chain = await log.commit();
  await log.close();
  return chain;
}

export async function storeWithRun(
  changes: Partial<Run> = {},
): Promise<{ runs: RunStore; run: Run }> {
  const runs = new RunStore(join(await temporaryDirectory(), 'runs'));
  return { runs, run: await runs.create({ ...FRESH_RUN, ...changes }) };
}
