import type { Evaluation, EvaluationPlan } from '../server/evaluation/evaluation.ts';
import { evaluate } from '../server/jobs/evaluate.ts';
import { openWorkspace, type Place } from '../server/storage/workspace.ts';
import { interruptible } from './interrupt.ts';
import type { CommonOptions } from './options.ts';
import { startProgress } from './progress.ts';

/**
 * Answers a question about policies, with a progress bar, and is ended by Ctrl-C.
 *
 * @param work what the evaluation takes: rollouts of all policies together, or seconds
 */
export async function evaluateWithProgress<Request, Plan extends EvaluationPlan, Report>(
  evaluation: Evaluation<Request, Plan, Report>,
  request: Request,
  options: CommonOptions & Place,
  work: { readonly unit: 'rollouts' | 'seconds'; readonly total: number },
): Promise<Report> {
  const progress = startProgress(work.unit, work.total);
  try {
    return await interruptible('stopping', (signal) =>
      evaluate(evaluation, openWorkspace(options), request, {
        onProgress: (done) => progress.update(done),
        signal,
      }),
    );
  } finally {
    progress.stop();
  }
}
