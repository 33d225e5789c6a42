import { checkGuidance, type SamplerSpec } from '../../policies/config/index.ts';
import { chooseDrawing } from '../../policies/drawing.ts';
import type { PolicyDescription } from '../../policies/policy.ts';
import { findTask } from '../../sim/index.ts';
import { commonHorizon } from '../acting/common-horizon.ts';
import type { CompareRequest } from '../protocol/compare.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { besides, type Comparison, type PolicyResult } from '../protocol/results.ts';
import {
  isReplayable,
  nameOfSource,
  type PolicySource,
  runOf,
  sourceName,
} from '../protocol/sources.ts';
import { leastP } from '../protocol/starts.ts';
import { demonstratedModes, describePolicy } from '../storage/open-policy.ts';
import type { ModeCounts } from '../storage/sources.ts';
import type { Place, Workspace } from '../storage/workspace.ts';
import { countStarts, rolloutGrid, summarize } from './evaluate.ts';
import type { Evaluation, EvaluationPlan, Measured } from './evaluation.ts';
import type { EvaluationInput } from './input.ts';
import { looksAt, pairUp, untilDecided, withLetters } from './pairs.ts';

export interface Contender extends KnownPolicy {
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: SamplerSpec | null;
  /** w; undefined where none was asked for. */
  readonly guidance: number | undefined;
  readonly input: EvaluationInput;
}

/** A comparison that can begin: every policy known, one horizon, the grid of rollouts. */
export interface ComparisonPlan extends EvaluationPlan {
  readonly request: CompareRequest;
  readonly actionHorizon: number;
  readonly contenders: readonly Contender[];
}

/** Policies on the same starts, noise seeds and action horizon. */
export const comparison: Evaluation<CompareRequest, ComparisonPlan, Comparison> = {
  plan: planComparison,
  conclude: concludeComparison,
};

/** A policy as it is found, before anything is asked of it. */
export interface KnownPolicy {
  readonly source: PolicySource;
  readonly about: PolicyDescription;
  readonly demonstrated: ModeCounts | null;
}

/** @throws ProtocolError for a policy that is not there, or damaged */
export async function findPolicy(workspace: Workspace, source: PolicySource): Promise<KnownPolicy> {
  const about = await describePolicy(workspace, source);
  const demonstrated = await demonstratedModes(workspace, source, about.task);
  return { source, about, demonstrated };
}

/** @throws ProtocolError, SpecError where the policies cannot be compared */
export async function planComparison(
  workspace: Workspace,
  request: CompareRequest,
): Promise<ComparisonPlan> {
  const sources = request.policies.map(({ policy }) => policy);
  const policies = await Promise.all(sources.map((source) => findPolicy(workspace, source)));
  return fitComparison(workspace.place, request, policies);
}

/**
 * What is asked, of policies that were found.
 *
 * @param policies in the order of the request's
 * @throws ProtocolError, SpecError where they cannot be compared so
 */
export function fitComparison(
  place: Place,
  request: CompareRequest,
  policies: readonly KnownPolicy[],
): ComparisonPlan {
  const { rollouts, until, seed, instruction, within = null } = request;
  // What decides is starts; noise tells how much the answers to one vary.
  const { starts = until ? rollouts : undefined } = request;
  if (until && policies.length < 2) {
    throw new ProtocolError(
      'invalid-request',
      'until decided: expected two policies or more to decide between, got one; add another',
    );
  }
  const grid = rolloutGrid(rollouts, starts);
  const known = request.policies.map(
    ({ policy: _, guidance = request.guidance, ...choice }, i) => ({
      ...policies[i],
      sampler: chooseDrawing(policies[i].about, choice),
      guidance,
    }),
  );
  const actionHorizon = commonHorizon(
    known.map(({ about }) => about),
    request.actionHorizon,
    known.map(({ source }) => sourceName(source)),
  );
  for (const { about, source, guidance } of known) {
    checkTold({ ...request, guidance }, about, sourceName(source));
  }
  const contenders = known.map((each) => {
    const { source, sampler, guidance } = each;
    const input = { place, source, sampler, actionHorizon, seed };
    return { ...each, input: { ...input, ...(guidance !== undefined && { guidance }) } };
  });
  return {
    request,
    actionHorizon,
    contenders,
    inputs: contenders.map(({ input }) => input),
    cells: instruction ? grid.map((cell) => ({ ...cell, instruction })) : grid,
    ...(until && { turns: untilDecided(grid, within) }),
    timed: 'plans',
  };
}

/** @throws ProtocolError, SpecError for what a policy cannot be told, or guided by */
function checkTold(
  { instruction = '', guidance = 1 }: Pick<CompareRequest, 'instruction' | 'guidance'>,
  { abilities }: PolicyDescription,
  name: string,
): void {
  checkGuidance(abilities, guidance);
  if (instruction === '' && guidance !== 1) {
    throw new ProtocolError(
      'invalid-request',
      `guidance: expected an instruction to be guided by, got none with a scale of ${guidance}; ` +
        'say one',
    );
  }
  if (instruction === '' || abilities.instructions) return;
  throw new ProtocolError(
    'invalid-request',
    `instruction: expected policies that read one, got ${name}; leave it out, or train one on a ` +
      'task with a language',
  );
}

/** How results name a policy: as its source does, and a run by its method besides its id. */
export function resultName(
  source: PolicySource,
  { name }: Pick<PolicyDescription, 'name'>,
): Pick<PolicyResult, 'name' | 'run'> {
  const run = runOf(source);
  return { name: run === null ? nameOfSource(source) : name, run };
}

/** Puts the measurements of all contenders together. */
export function concludeComparison(
  { request, actionHorizon, contenders, cells }: ComparisonPlan,
  { results, planTimes, engine, batch, seconds }: Omit<Measured, 'loops'>,
): Comparison {
  const task = findTask(contenders[0].about.task);
  const policies = contenders.map(({ source, about, sampler, demonstrated, guidance }, i) =>
    summarize(task, results[i], {
      ...resultName(source, about),
      about,
      sampler,
      actionHorizon,
      guidance,
      demonstrated,
      latencyMs: planTimes[i],
      replayable: isReplayable(source),
    }),
  );
  const starts = countStarts(cells);
  const { until, within } = request;
  const paired = pairUp(distinctNames(policies), results, {
    // Whose number of rollouts is fixed is looked at once.
    looks: until ? looksAt(starts) : [starts],
    within: within ?? null,
  });
  const taken = results.reduce((sum, each) => sum + each.length, 0);
  const saved = cells.length * results.length - taken;
  return {
    task: task.name,
    seed: request.seed,
    rollouts: request.rollouts,
    starts,
    ...(within !== undefined && { within }),
    ...(until && { ended: { when: until, taken, saved } }),
    ...(request.instruction !== undefined && { instruction: request.instruction }),
    engine,
    batch,
    policies: withLetters(policies, paired),
    paired,
    leastP: leastP(starts),
    seconds,
  };
}

/** Policies by name or run; with how they are drawn and guided where one takes part twice. */
function distinctNames(policies: readonly PolicyResult[]): string[] {
  const names = policies.map(({ run, name }) => run ?? name);
  return policies.map((policy, i) =>
    names.filter((name) => name === names[i]).length === 1
      ? names[i]
      : [names[i], policy.sampler, policy.nfe].filter((part) => part !== null).join(':') +
        besides(policy),
  );
}
