/** What a list says of an experiment that is done, kept beside it: working it out takes seconds. */

import { join } from 'node:path';
import { z } from 'zod';
import {
  FileError,
  openSealed,
  readRegular,
  sealJson,
  writeFileAtomic,
} from '../../demos/files/index.ts';
import { EXPERIMENT_LIMITS } from '../protocol/experiment-limits.ts';
import type { ContenderSummary } from '../protocol/experiments.ts';
import { LIMITS } from '../protocol/limits.ts';
import { digestOfData } from './canonical.ts';
import type { ExperimentDirectory } from './directory.ts';
import { type ExperimentPlan, experimentId } from './plan.ts';

const SUMMARY_FILE = 'summary.json';
const MOST_BYTES = 64 * 1024;

const share = z.number().min(0).max(1);
const count = z.int().min(0).max(LIMITS.rollouts);
const summarySchema = z.strictObject({
  of: z.string(),
  contenders: z
    .array(
      z.strictObject({
        success: z.strictObject({ k: count, n: count, rate: share, ci95: z.tuple([share, share]) }),
        letters: z
          .string()
          .regex(/^[a-z]{1,26}$/)
          .nullable(),
      }),
    )
    .max(EXPERIMENT_LIMITS.named),
});

/** What a summary is of: names of result files carry digests of their bytes. */
function digestOf(plan: ExperimentPlan, files: readonly string[]): string {
  return digestOfData({ experiment: experimentId(plan), files: [...files].sort() });
}

/**
 * Of the first contenders of an experiment.
 *
 * @param files names of its results
 * @returns null where there is none, or one of other results
 */
export async function readSummary(
  { path }: ExperimentDirectory,
  plan: ExperimentPlan,
  files: readonly string[],
): Promise<readonly ContenderSummary[] | null> {
  try {
    const content = (await readRegular(path, SUMMARY_FILE, MOST_BYTES)).toString('utf8');
    const opened = openSealed(content);
    if (!opened?.sealed) return null;
    const { data } = summarySchema.safeParse(JSON.parse(opened.text));
    return data?.of === digestOf(plan, files) ? data.contenders : null;
  } catch (error) {
    // It can be worked out again.
    if (error instanceof FileError || error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function writeSummary(
  { path }: ExperimentDirectory,
  plan: ExperimentPlan,
  files: readonly string[],
  contenders: readonly ContenderSummary[],
): Promise<void> {
  const summary = {
    of: digestOf(plan, files),
    contenders: contenders.slice(0, EXPERIMENT_LIMITS.named),
  };
  await writeFileAtomic(join(path, SUMMARY_FILE), sealJson(summary));
}
