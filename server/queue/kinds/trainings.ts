/**
 * Whole trainings. Checkpoints lie in the data directory, which workers share, or are handed over in a store;
 * the queue carries none.
 */
import { z } from 'zod';
import { explainIssues } from '../../../policies/config/index.ts';
import { identifyProgram } from '../../experiments/code.ts';
import type { GridRun } from '../../grids/plan-grid.ts';
import { plannedDigest, plannedId, plannedRunSchema } from '../../grids/planned-run.ts';
import { isDone } from '../../grids/survey-grid.ts';
import { type PlannedTraining, trainPlanned } from '../../jobs/planned-training.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { openWorkspace, type Place } from '../../storage/workspace.ts';
import { checkCarried } from '../carried.ts';
import type { JobKind, JobSignals } from '../job-kind.ts';
import { jobIdOf, UNFINISHED } from '../jobs.ts';
import { SharedTrainings } from '../shared-training.ts';
import type { Job } from '../work-queue.ts';

/**
 * After so long one is put down for whoever is next, ms: a job may not take more than a day, and a training
 * may.
 */
const STRETCH_MS = 6 * 3600_000;

const jobSchema = z.strictObject({ format: z.literal(1), training: plannedRunSchema });

export const trainings: JobKind = {
  identify: () => identifyProgram('training'),
  open: (place) => ({
    async run({ id, data }, { lost, ending }) {
      const grid = readTrainingJob(id, data);
      const began = performance.now();
      const { run, steps } = await train(place, grid, {
        lost,
        ending: AbortSignal.any([ending, AbortSignal.timeout(STRETCH_MS)]),
      });
      const done = isDone(run);
      return {
        output: done ? { run: run.id, step: run.step } : UNFINISHED,
        left: done ? null : trainingJobOf(grid),
        seconds: (performance.now() - began) / 1000,
        amount: { count: steps, unit: 'steps' },
        of: run.id,
      };
    },
    close() {},
  }),
};

async function train(place: Place, grid: GridRun, signals: JobSignals): Promise<PlannedTraining> {
  const { store } = place;
  if (store === undefined) return trainPlanned(openWorkspace(place), grid, signals);
  const shared = new SharedTrainings(store);
  return shared.prepare(place, grid, (workspace) =>
    shared.handOver(workspace.runs, grid, (broken) => {
      const ending = AbortSignal.any([signals.ending, broken]);
      return trainPlanned(workspace, grid, { ...signals, ending });
    }),
  );
}

/** A job is its training. */
export function trainingJobOf({ planned }: Pick<GridRun, 'planned'>): Job {
  return { id: jobIdOf(plannedDigest(planned)), data: { format: 1, training: planned } };
}

/** @throws ProtocolError 'invalid-request' for what is no such job */
function readTrainingJob(id: string, data: unknown): GridRun {
  const { data: job, error } = jobSchema.safeParse(data);
  const cure = 'queue it with "train --queue"';
  if (!job) {
    const issues = explainIssues(error);
    throw new ProtocolError(
      'invalid-request',
      `job ${id}: expected a training: ${issues}; ${cure}`,
    );
  }
  const planned = job.training;
  const expected = jobIdOf(plannedDigest(planned));
  if (expected !== id) {
    throw new ProtocolError(
      'invalid-request',
      `job ${id}: expected the id ${expected} of its training; ${cure}`,
    );
  }
  checkTrainingCarried(planned);
  return { id: plannedId(planned), planned };
}

/** @throws ProtocolError 'invalid-request' for one that begins with what lies on one machine */
export function checkTrainingCarried({ run: { teacher, from } }: GridRun['planned']): void {
  for (const origin of [teacher, from]) {
    if (origin) checkCarried(origin.source, 'the training', 'on the machine where that is');
  }
}
