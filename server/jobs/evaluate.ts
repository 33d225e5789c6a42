import { performance } from 'node:perf_hooks';
import type { Evaluation, EvaluationPlan, Measured } from '../evaluation/evaluation.ts';
import type { Workspace } from '../storage/workspace.ts';
import { untilAborted } from './parallel.ts';
import { startWork } from './process.ts';
import { BATCH, type RolledOut, type RolloutOptions, rollOutInParallel } from './rollouts.ts';
import { rollOutInTurns } from './rollouts-in-turns.ts';

export interface EvaluateOptions extends Omit<RolloutOptions, 'onProgress'> {
  /** Told the number of ended rollouts of all inputs together, or the seconds of a control loop. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Has the rollouts done in another way, which ends in the same bits. @default in child processes here */
  readonly rollOut?: ((plan: EvaluationPlan) => Promise<RolledOut>) | undefined;
}

/**
 * Plans an evaluation, has it measured in child processes, and concludes.
 *
 * @throws as `plan` of the evaluation and `measure`
 * @cost as `measure`
 */
export async function evaluate<Request, Plan extends EvaluationPlan, Report>(
  evaluation: Evaluation<Request, Plan, Report>,
  workspace: Workspace,
  request: Request,
  options: EvaluateOptions = {},
): Promise<Report> {
  return measure(evaluation, await evaluation.plan(workspace, request), options);
}

/**
 * Has what is planned measured in child processes, and concludes.
 *
 * @throws ProtocolError, SpecError; ProtocolError 'conflict' where `signal` aborts
 * @cost about 0.1 s a rollout and core, twice that where a policy reads; plans as often as the
 *       inputs ask for them
 */
export async function measure<Plan extends EvaluationPlan, Report>(
  { conclude }: Pick<Evaluation<never, Plan, Report>, 'conclude'>,
  plan: Plan,
  options: EvaluateOptions = {},
): Promise<Report> {
  const began = performance.now();
  const { results, engine } = options.rollOut
    ? await options.rollOut(plan)
    : plan.turns
      ? await rollOutInTurns(plan.inputs, plan.cells, plan.turns, options)
      : await rollOutInParallel(plan.inputs, plan.cells, options);
  const times = await takeTimes(plan, options);
  const seconds = (performance.now() - began) / 1000;
  const { batch = BATCH } = options;
  return conclude(plan, { results, ...times, engine, batch, seconds });
}

/** One after the other, with nothing else running: these are the times a robot would see. */
async function takeTimes(
  { inputs, timed }: EvaluationPlan,
  { signal, onProgress }: EvaluateOptions,
): Promise<Pick<Measured, 'planTimes' | 'loops'>> {
  const planTimes: Measured['planTimes'][number][] = [];
  const loops: Measured['loops'][number][] = [];
  for (const [i, input] of (timed ? inputs : []).entries()) {
    if (timed === 'plans') {
      planTimes.push(await untilAborted(startWork('latency', input), signal));
    } else if (timed) {
      const before = i * timed.seconds;
      const onSeconds = (seconds: number) => onProgress?.(before + seconds);
      const work = startWork('control-loop', { input, loop: timed }, onSeconds);
      loops.push(await untilAborted(work, signal));
    }
  }
  return { planTimes, loops };
}
