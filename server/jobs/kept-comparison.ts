/** Comparisons whose rollouts are kept as an experiment: they can be watched, and gone on with. */
import { formatPerturbation, type Perturbation, parsePerturbation } from '../../sim/index.ts';
import type { EvaluationPlan } from '../evaluation/evaluation.ts';
import type { EvaluationInput } from '../evaluation/input.ts';
import { perturbedComparison } from '../evaluation/perturbed-comparison.ts';
import type { RobustnessPlan } from '../evaluation/robustness.ts';
import type { ExperimentDirectory } from '../experiments/directory.ts';
import { planExperiment } from '../experiments/make-plan.ts';
import { mergeShards } from '../experiments/merge.ts';
import { cellsOf, type ExperimentPlan, sameActing } from '../experiments/plan.ts';
import { survey } from '../experiments/survey.ts';
import type { PageCompareRequest } from '../protocol/compare.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Comparison } from '../protocol/results.ts';
import { isReplayable } from '../protocol/sources.ts';
import { policyDigest } from '../storage/open-policy.ts';
import type { Workspace } from '../storage/workspace.ts';
import { type EvaluateOptions, measure } from './evaluate.ts';
import { runExperiment } from './experiment.ts';
import { worthwhileProcesses } from './parallel.ts';
import { BATCH, ROLLOUTS_OF_A_START, type RolledOut } from './rollouts.ts';

/** Whether the rollouts that are asked for would be the same ones again. */
export function canBeKept({ policies, until }: PageCompareRequest): boolean {
  // Where policies end once they are told apart, nothing of it is planned.
  return until === undefined && policies.every(({ policy }) => isReplayable(policy));
}

/** What is asked for beside the control; what is named twice counts once. */
function perturbationsOf({ perturbations = [] }: PageCompareRequest): Perturbation[] {
  const named = new Map<string, Perturbation>();
  for (const text of perturbations) {
    const perturbation = parsePerturbation(text);
    if (typeof perturbation === 'string') {
      throw new ProtocolError('invalid-request', perturbation);
    }
    if (perturbation) named.set(formatPerturbation(perturbation), perturbation);
  }
  return [...named.values()];
}

/** A comparison that can begin. */
export interface PlannedComparison extends RobustnessPlan {
  readonly perturbations: readonly Perturbation[];
}

/**
 * Finds what is to be compared, and makes sure that it can be.
 *
 * @throws ProtocolError, SpecError where the policies cannot be compared so, or a perturbation is one that
 *         a policy cannot notice
 * @cost 0.2 s a policy
 */
export async function planCompared(
  workspace: Workspace,
  request: PageCompareRequest,
): Promise<PlannedComparison> {
  const perturbations = perturbationsOf(request);
  const plan = await perturbedComparison.plan(workspace, { ...request, perturbations });
  return { ...plan, perturbations };
}

/** How many rollouts a comparison has at most, of all its policies together. */
export function countRollouts({ inputs, cells }: PlannedComparison): number {
  return inputs.length * cells.length;
}

/**
 * A comparison as an experiment.
 *
 * @throws ProtocolError as `planExperiment`
 */
export async function planKept(
  workspace: Workspace,
  plan: PlannedComparison,
): Promise<ExperimentPlan> {
  const { request, contenders } = plan.comparison;
  const { policies, rollouts, starts, seed, actionHorizon, guidance, instruction } = request;
  const total = countRollouts(plan);
  const shardSize = Math.ceil(total / worthwhileProcesses(total, ROLLOUTS_OF_A_START));
  const asked = {
    ...{ lanes: policies, rollouts, starts, seed, instruction, batch: BATCH },
    perturbations: plan.perturbations,
    whole: true,
    actionHorizons: [actionHorizon ?? null],
    guidances: [guidance ?? null],
    chunkings: [null],
    shardSize: Math.min(shardSize, rollouts, BATCH),
  };
  const found = contenders.map(({ source, about, demonstrated }) => ({
    source,
    about,
    demonstrated,
  }));
  return planExperiment(workspace, asked, found);
}

/**
 * Compares. Where there is an experiment, the rollouts are its own: those that are there already are not rolled
 * out again. Policy servers and `until` have none.
 *
 * @throws as `measure`, and as `runExperiment` where there is one
 */
export function compare(
  workspace: Workspace,
  plan: PlannedComparison,
  kept: ExperimentDirectory | null,
  options: EvaluateOptions,
): Promise<Comparison> {
  if (!kept) return measure(perturbedComparison, plan, options);
  return measure(perturbedComparison, plan, {
    ...{ ...options, batch: BATCH },
    rollOut: () => rollOutKept(workspace, kept, plan, options),
  });
}

async function rollOutKept(
  workspace: Workspace,
  directory: ExperimentDirectory,
  { inputs, cells }: EvaluationPlan,
  { signal, onProgress, background }: EvaluateOptions,
): Promise<RolledOut> {
  const plan = await directory.readPlan();
  await runExperiment(workspace, directory, plan, {
    ...{ signal, onProgress },
    ...(background !== undefined && { background }),
  });
  const merged = mergeShards(plan, survey(plan, await directory.readShards()), directory.path);
  const results = await Promise.all(
    inputs.map(async (input) => {
      const place = await placeOf(workspace, plan, input);
      const rollouts = merged.contenders[place]?.rollouts;
      if (rollouts?.length === cells.length && cells.length === cellsOf(plan).length)
        return rollouts;
      throw new ProtocolError(
        'conflict',
        `${directory.path}: expected the rollouts that are compared, got those of another plan; ` +
          'compare again',
      );
    }),
  );
  return { results, engine: merged.engine };
}

/** Of two that would do the same in every rollout an experiment has one. */
async function placeOf(
  workspace: Workspace,
  { contenders }: ExperimentPlan,
  { source, sampler, actionHorizon, guidance, perturbation }: EvaluationInput,
): Promise<number> {
  const digest = await policyDigest(workspace, source);
  return contenders.findIndex((each) =>
    sameActing(each, {
      ...each,
      ...{ digest, sampler, actionHorizon, perturbation },
      guidance: guidance ?? null,
    }),
  );
}
