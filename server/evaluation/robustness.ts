import { evaluationsOf } from '../../policies/drawing.ts';
import type { PolicyDescription } from '../../policies/policy.ts';
import {
  findTask,
  formatPerturbation,
  isDrawn,
  type Perturbation,
  partsOf,
} from '../../sim/index.ts';
import type { CompareRequest } from '../protocol/compare.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Robustness, RobustnessReport } from '../protocol/results.ts';
import { judgePairs, type PairedOutcomes, pairedDifference } from '../statistics/index.ts';
import type { Workspace } from '../storage/workspace.ts';
import { type ComparisonPlan, type Contender, planComparison, resultName } from './comparison.ts';
import { countStarts, failuresOf, type GridResult, measuresOf } from './evaluate.ts';
import type { Evaluation, EvaluationPlan, Measured } from './evaluation.ts';
import { differences } from './pairs.ts';

/** Policies to be compared with themselves where something is otherwise. */
export interface RobustnessRequest extends CompareRequest {
  /** Beside the control, which is always there. */
  readonly perturbations: readonly Perturbation[];
}

/** One line of the table. */
interface Case {
  readonly contender: Contender;
  /** Place of its control among the cases; null for a control. */
  readonly control: number | null;
  readonly perturbation: Perturbation | null;
}

/** An input a case. */
export interface RobustnessPlan extends EvaluationPlan {
  readonly comparison: ComparisonPlan;
  readonly cases: readonly Case[];
}

/** What perturbations do to policies, on the same starts and noises as without. */
export const robustness: Evaluation<RobustnessRequest, RobustnessPlan, RobustnessReport> = {
  plan: planRobustness,
  conclude: concludeRobustness,
};

/**
 * Every policy without and with each perturbation.
 *
 * @throws ProtocolError, SpecError where the policies cannot be compared, or a perturbation is one that
 *         a policy cannot notice
 */
export async function planRobustness(
  workspace: Workspace,
  { perturbations, ...request }: RobustnessRequest,
): Promise<RobustnessPlan> {
  const comparison = await planComparison(workspace, request);
  const { contenders, cells } = comparison;
  const cases = contenders.flatMap((contender, i): Case[] => {
    const control = i * (1 + perturbations.length);
    return [
      { contender, control: null, perturbation: null },
      ...perturbations.map((perturbation) => ({ contender, control, perturbation })),
    ];
  });
  for (const { contender, perturbation } of cases) {
    if (perturbation) checkNoticed(perturbation, contender.about);
  }
  const inputs = cases.map(({ contender: { input }, perturbation }) => {
    return { ...input, ...(perturbation && { perturbation }) };
  });
  return { comparison, cases, inputs, cells };
}

/** @throws ProtocolError 'invalid-request' for a perturbation of pictures, of a policy that sees none */
export function checkNoticed(
  perturbation: Perturbation,
  { name, abilities }: Pick<PolicyDescription, 'name' | 'abilities'>,
): void {
  const unseen = partsOf(perturbation).find(({ kind }) => kind.seen);
  if (!unseen || abilities.picture !== null) return;
  throw new ProtocolError(
    'invalid-request',
    `perturbation ${unseen.kind.name}: expected a policy that looks at pictures, got ${name}, which is ` +
      'told all in numbers; leave it out, or choose sensor-noise',
  );
}

/** Whether rollouts of a policy from one start can differ, be it by what the perturbation draws. */
export function variesWith(
  { noise }: Pick<PolicyDescription['abilities'], 'noise'>,
  perturbation: Perturbation | undefined,
): boolean {
  return noise || isDrawn(perturbation);
}

/** Rollouts with something and without it. */
export interface Matched {
  readonly perturbed: readonly GridResult[];
  /** Of the same starts and noises, in the same order. */
  readonly control: readonly GridResult[];
}

/** What each makes of success; verdicts are of all of them together. */
export function holdAgainstControls(pairs: readonly Matched[]): Robustness[] {
  const judged = judgePairs(
    pairs.map(({ perturbed, control }) => differences(perturbed, control)),
    [Math.max(0, ...pairs.map(({ control }) => countStarts(control)))],
  );
  return pairs.map((pair, i) => {
    const { difference, ci95, p, gained, lost } = pairedDifference(outcomesOf(pair));
    return { difference, ci95, p, gained, lost, judged: judged[i] };
  });
}

/** By start. */
function outcomesOf({ perturbed, control }: Matched): PairedOutcomes[] {
  const outcomes = new Map<number, PairedOutcomes>();
  perturbed.forEach(({ start, success }, i) => {
    const { pairs, gained, lost } = outcomes.get(start) ?? { pairs: 0, gained: 0, lost: 0 };
    const without = control[i].success;
    outcomes.set(start, {
      pairs: pairs + 1,
      gained: gained + Number(success && !without),
      lost: lost + Number(!success && without),
    });
  });
  return [...outcomes.values()];
}

export function concludeRobustness(
  { comparison: { request }, cases, cells }: RobustnessPlan,
  { results, engine, batch, seconds }: Omit<Measured, 'planTimes' | 'loops'>,
): RobustnessReport {
  const matched = cases.flatMap(({ control }, i) =>
    control === null ? [] : [{ perturbed: results[i], control: results[control] }],
  );
  const held = holdAgainstControls(matched);
  const task = findTask(cases[0].contender.about.task);
  let place = 0;
  return {
    task: task.name,
    seed: request.seed,
    rollouts: request.rollouts,
    starts: countStarts(cells),
    engine,
    batch,
    results: cases.map(({ contender, control, perturbation }, i) => {
      const { source, about, sampler, demonstrated, guidance, input } = contender;
      const noise = variesWith(about.abilities, perturbation ?? undefined);
      const { success, contact, modes, stepsToSuccess } = measuresOf(
        task,
        results[i],
        { abilities: { noise } },
        demonstrated,
      );
      return {
        ...resultName(source, about),
        sampler: sampler?.kind ?? null,
        nfe: evaluationsOf(about, sampler, guidance),
        actionHorizon: input.actionHorizon,
        perturbation: perturbation && formatPerturbation(perturbation),
        ...{ success, contact, modes, stepsToSuccess },
        againstControl: control === null ? null : held[place++],
        ...failuresOf(results[i]),
      };
    }),
    seconds,
  };
}
