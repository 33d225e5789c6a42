import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingCheckpoint } from '../../policies/checkpoint/index.ts';
import type { TrainingSpec } from '../../policies/config/index.ts';
import type { Metric, Run } from '../../server/protocol/index.ts';
import { RunStore } from '../../server/storage/run-store.ts';
import { FRESH_RUN } from './runs.ts';
import { temporaryDirectory } from './temporary.ts';
import { TINY_SPEC, TINY_TRAINING, tinyPolicy } from './tiny-policy.ts';

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

/** Of a run of `tinyPolicy`. */
const TINY = { spec: TINY_SPEC, training: TINY_TRAINING } as const;
const POLICY = tinyPolicy();

/** As a training of it keeps it after so many steps. */
export function tinyCheckpoint(
  step: number,
  training: TrainingSpec = TINY_TRAINING,
): TrainingCheckpoint {
  const of = (value: number) => POLICY.weights.map((weight) => weight * value + step);
  const vectors = { weights: of(2), moment1: of(0.1), moment2: of(0), ema: of(1) };
  return { policy: { ...POLICY, weights: vectors.ema }, training, state: { step, vectors } };
}

/** A store with such a run. */
export async function storeWithCheckpoint(step: number): Promise<{ runs: RunStore; run: Run }> {
  const { runs, run } = await storeWithRun(TINY);
  return { runs, run: await reach(runs, run.id, step) };
}

/** Its next checkpoint, as a training writes it. */
export async function reach(runs: RunStore, id: string, step: number): Promise<Run> {
  const checkpointSha256 = await runs.writeCheckpoint(id, tinyCheckpoint(step));
  return runs.update(id, { step, checkpointSha256 });
}

export async function storeWithRun(
  changes: Partial<Run> = {},
): Promise<{ runs: RunStore; run: Run }> {
  const runs = new RunStore(join(await temporaryDirectory(), 'runs'));
  return { runs, run: await runs.create({ ...FRESH_RUN, ...changes }) };
}
