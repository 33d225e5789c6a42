/** A training as data: all that decides a run's weights, which the run is named by. */
import { z } from 'zod';
import { ENGINE_NAMES } from '../../policies/config/index.ts';
import { digestOfData } from '../experiments/canonical.ts';
import { programSchema } from '../experiments/schemas.ts';
import { trainedAs } from '../experiments/training-seeds.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type Run, runSchema } from '../protocol/runs.ts';

/** Of the id's digest. */
const DIGITS = 16;

/** A run that is to be trained. */
export const plannedRunSchema = z.strictObject({
  format: z.literal(1),
  ...programSchema.shape,
  engine: z.enum(ENGINE_NAMES),
  run: runSchema.pick({
    policy: true,
    preset: true,
    spec: true,
    training: true,
    dataset: true,
    teacher: true,
    from: true,
    warnings: true,
  }),
});

export type PlannedRun = z.infer<typeof plannedRunSchema>;

/** Sha-256 of all that decides the weights of a run: whatever is trained so ends in the same bits. */
export function plannedDigest({ format, code, physics, engine, run }: PlannedRun): string {
  return digestOfData({ format, code, physics, engine, ...trainedAs(run) });
}

/** What the run is called: its policy, and digits of that digest. */
export function plannedId(planned: PlannedRun): string {
  return `${planned.run.policy}-${plannedDigest(planned).slice(0, DIGITS)}`;
}

/**
 * @param run of the planned one's id
 * @throws ProtocolError 'conflict' where it is no longer what it is named by
 */
export function checkPlanned(run: Run, planned: PlannedRun): void {
  const got = plannedDigest({ ...planned, run });
  if (got === plannedDigest(planned)) return;
  const { steps } = planned.run.training;
  const what =
    run.training.steps === steps
      ? 'other settings'
      : `${run.training.steps} steps, as --resume set`;
  throw new ProtocolError(
    'conflict',
    `run ${run.id}: expected the training that it is named by, of ${steps} steps, got one of ${what}; ` +
      'throw it away, on the page or by moving its directory, and it is trained anew',
  );
}
