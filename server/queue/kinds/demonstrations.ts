/** Demonstrations of scripted experts, which travel in the queue. */
import { z } from 'zod';
import { explainIssues } from '../../../policies/config/index.ts';
import {
  encodeShown,
  type GenerationPart,
  generationPartSchema,
} from '../../datasets/generation-part.ts';
import { digestOfData } from '../../experiments/canonical.ts';
import { identifyProgram, type ProgramIdentity } from '../../experiments/code.ts';
import { programSchema } from '../../experiments/schemas.ts';
import { untilAborted } from '../../jobs/parallel.ts';
import { startWork } from '../../jobs/process.ts';
import type { Work } from '../../jobs/work-kinds.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import type { JobKind } from '../job-kind.ts';
import { jobIdOf } from '../jobs.ts';
import type { Job } from '../work-queue.ts';

/** How long its process may say nothing, ms: an episode takes a tenth of a second. */
const SILENT_MS = 5 * 60_000;

const jobSchema = z.strictObject({
  format: z.literal(1),
  ...programSchema.shape,
  part: generationPartSchema,
});

type DemonstrationJob = z.infer<typeof jobSchema>;

export const demonstrations: JobKind = {
  identify: () => identifyProgram('demonstrations'),
  open: () => ({
    async run({ id, data }, { lost }) {
      const { part, code, physics } = readDemonstrationJob(id, data);
      const began = performance.now();
      const input = { part, by: { code, physics } };
      const shown: Work['demonstrate']['progress'][] = [];
      const keep = (demonstration: (typeof shown)[number]) => void shown.push(demonstration);
      await untilAborted(startWork('demonstrate', input, keep, { silentMs: SILENT_MS }), lost);
      return {
        output: encodeShown(shown),
        left: null,
        seconds: (performance.now() - began) / 1000,
        amount: { count: shown.length, unit: 'episodes' },
        of: part.request.task,
      };
    },
    close() {},
  }),
};

/** A job is some episodes, shown by a program. */
export function demonstrationJobOf(part: GenerationPart, { code, physics }: ProgramIdentity): Job {
  const data: DemonstrationJob = { format: 1, code, physics, part };
  return { id: jobIdOf(digestOfData(data)), data };
}

/** @throws ProtocolError 'invalid-request' for what is no such job */
function readDemonstrationJob(id: string, data: unknown): DemonstrationJob {
  const { data: job, error } = jobSchema.safeParse(data);
  const refuse = (what: string) =>
    new ProtocolError(
      'invalid-request',
      `job ${id}: expected ${what}; queue it with "demos generate --queue"`,
    );
  if (!job) throw refuse(`episodes to demonstrate: ${explainIssues(error)}`);
  const expected = jobIdOf(digestOfData(job));
  if (expected !== id) throw refuse(`the id ${expected} of its episodes`);
  return job;
}
