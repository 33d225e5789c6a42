/** A run on its way from one data directory to another. */
import { join } from 'node:path';
import { ensureDirectory, writeFileAtomic } from '../../demos/files/index.ts';
import { sealedDigest } from '../../policies/checkpoint/index.ts';
import type { Metric, Run } from '../protocol/runs.ts';
import { encodeMetrics } from './metrics-file.ts';
import { RunFiles } from './run-files.ts';
import {
  CHECKPOINT_FILE,
  checkCheckpointOf,
  METRICS_FILE,
  mostCheckpointBytes,
  type RunStore,
} from './run-store.ts';

/** A run as of its last checkpoint, at rest. */
export interface CarriedRun {
  readonly run: Run;
  readonly metrics: readonly Metric[];
  /** `checkpoint.safetensors`, which vouches for itself. */
  readonly checkpoint: Uint8Array;
}

/**
 * A run with its last checkpoint, whoever trains it meanwhile.
 *
 * @returns null where there is no checkpoint yet, or it is being replaced: look again in a moment
 * @throws ProtocolError 'not-found', 'damaged'
 */
export async function packRun(runs: RunStore, id: string): Promise<CarriedRun | null> {
  const run = await runs.read(id);
  if (run.checkpointSha256 === undefined) return null;
  const files = new RunFiles(runs.root);
  const checkpoint = await files.read(id, CHECKPOINT_FILE, mostCheckpointBytes(run));
  if (!checkpoint || sealedDigest(checkpoint) !== run.checkpointSha256) return null;
  const metrics = (await runs.readMetrics(id)).filter(({ step }) => step <= run.step);
  return { run: atRest(run), metrics, checkpoint };
}

/** Nobody trains it where it arrives. */
function atRest(run: Run): Run {
  const underWay = run.status === 'running' || run.status === 'queued';
  return { ...run, pid: null, status: underWay ? 'interrupted' : run.status };
}

/**
 * Takes in a run, in the place of one of the same id that is less far.
 *
 * @param patienceMs how long to wait for whoever holds that one
 * @throws ProtocolError 'damaged' for a checkpoint that is not the run's, before anything is written; as
 *         `RunStore.hold`
 */
export async function takeInRun(
  runs: RunStore,
  { run, metrics, checkpoint }: CarriedRun,
  patienceMs?: number,
): Promise<void> {
  checkCheckpointOf(run, checkpoint);
  const directory = join(runs.root, run.id);
  await ensureDirectory(directory);
  const lock = await runs.hold(run.id, undefined, patienceMs);
  try {
    const here = (await runs.has(run.id)) ? await runs.read(run.id) : null;
    if (!isFurther(run, here)) return;
    const { text, chain } = encodeMetrics(metrics);
    // The record comes last: until then a checkpoint of a later step is what a kill may leave.
    await writeFileAtomic(join(directory, CHECKPOINT_FILE), checkpoint);
    await writeFileAtomic(join(directory, METRICS_FILE), text);
    await lock.assertHeld();
    await runs.write({ ...run, metricsChain: chain });
  } finally {
    await lock.release();
  }
}

/** Whether one of two states of a run has more of it. */
export function isFurther(run: Run, than: Run | null): boolean {
  if (than === null || run.step !== than.step) return run.step > (than?.step ?? -1);
  return run.status === 'done' && than.status !== 'done';
}
