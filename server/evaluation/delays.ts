import { SpecError } from '../../policies/config/index.ts';
import { evaluationsOf } from '../../policies/drawing.ts';
import type { PolicyDescription } from '../../policies/policy.ts';
import { findTask } from '../../sim/index.ts';
import { rootMeanSquare } from '../acting/motion.ts';
import { ChunkSchedule } from '../protocol/chunk-schedule.ts';
import type { Chunking, Scheme } from '../protocol/chunking.ts';
import type { CompareRequest } from '../protocol/compare.ts';
import type { DelayReport, DelayResult } from '../protocol/results.ts';
import { mean } from '../statistics/index.ts';
import type { Workspace } from '../storage/workspace.ts';
import { type ComparisonPlan, type Contender, planComparison, resultName } from './comparison.ts';
import {
  byMode,
  countModes,
  countStarts,
  failuresOf,
  type GridResult,
  shareOf,
} from './evaluate.ts';
import type { Evaluation, EvaluationPlan, Measured } from './evaluation.ts';

/** Policies to be compared where a plan takes time. */
export interface DelayRequest extends CompareRequest {
  readonly schemes: readonly Scheme[];
  /** d, control steps. */
  readonly delays: readonly number[];
}

/** One line of the table. */
interface Case {
  readonly contender: Contender;
  readonly chunking: Chunking;
}

/** An input a case. */
export interface DelayPlan extends EvaluationPlan {
  readonly comparison: ComparisonPlan;
  readonly cases: readonly Case[];
}

/** What the arm may do while a plan is made, at several delays. */
export const delays: Evaluation<DelayRequest, DelayPlan, DelayReport> = {
  plan: planDelays,
  conclude: concludeDelays,
};

/**
 * Every policy with every scheme at every delay.
 *
 * @throws ProtocolError, SpecError where the policies cannot be compared, a delay leaves a scheme no
 *         room, or a policy cannot go on from known actions as real-time chunking must
 */
export async function planDelays(
  workspace: Workspace,
  { schemes, delays, ...request }: DelayRequest,
): Promise<DelayPlan> {
  const comparison = await planComparison(workspace, request);
  const { actionHorizon, contenders, cells } = comparison;
  const cases = contenders.flatMap((contender) =>
    schemes.flatMap((scheme) =>
      delays.map((delay): Case => ({ contender, chunking: { scheme, delay } })),
    ),
  );
  for (const { contender, chunking } of cases) {
    checkChunking(chunking, contender.about, actionHorizon);
  }
  const inputs = cases.map(({ contender, chunking }) => ({ ...contender.input, chunking }));
  return { comparison, cases, inputs, cells };
}

/**
 * @throws ProtocolError where a delay leaves a scheme no room
 * @throws SpecError where a policy cannot go on from known actions as real-time chunking must
 */
export function checkChunking(
  chunking: Chunking,
  { name, objective, predHorizon, abilities }: PolicyDescription,
  actionHorizon: number,
): void {
  new ChunkSchedule(chunking, { actionHorizon, predHorizon });
  if (chunking.scheme !== 'real-time' || abilities.inpainting) return;
  throw new SpecError(
    'inpainting: expected a diffusion or flow policy, whose chunks are drawn step by step and ' +
      `can go on from known actions, got ${objective ? `a ${objective.kind}` : name}; choose ` +
      'another policy, or another scheme',
  );
}

export function concludeDelays(
  { comparison, cases, cells }: DelayPlan,
  { results, engine, batch, seconds }: Omit<Measured, 'planTimes' | 'loops'>,
): DelayReport {
  const { request } = comparison;
  return {
    task: cases[0].contender.about.task,
    seed: request.seed,
    rollouts: request.rollouts,
    starts: countStarts(cells),
    engine,
    batch,
    results: cases.map((each, i) => conclude(each, comparison, results[i])),
    seconds,
  };
}

function conclude(
  { contender: { source, about, sampler }, chunking }: Case,
  { request, actionHorizon }: ComparisonPlan,
  results: readonly GridResult[],
): DelayResult {
  const task = findTask(about.task);
  const successes = results.filter(({ success }) => success);
  const jump = rootMeanSquare(results.map(({ motion }) => motion.seams));
  const beside = rootMeanSquare(results.map(({ motion }) => motion.beside));
  return {
    ...resultName(source, about),
    sampler: sampler?.kind ?? null,
    nfe: evaluationsOf(about, sampler, request.guidance),
    actionHorizon,
    ...chunking,
    success: shareOf(results, about, ({ success }) => success),
    contact: shareOf(results, about, ({ contact }) => contact),
    modes: byMode(task, countModes(task, successes)),
    modeSwitchRate: results.filter(({ switched }) => switched).length / results.length,
    seam: {
      jump,
      beside,
      ratio: jump === null || !beside ? null : jump / beside,
    },
    stepsToSuccess: successes.length === 0 ? null : mean(successes.map(({ steps }) => steps)),
    ...failuresOf(results),
  };
}
