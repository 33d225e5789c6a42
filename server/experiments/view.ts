/** An experiment as a page looks at it, however far it is. */

import { cutText } from '../../policies/config/index.ts';
import { findTask } from '../../sim/index.ts';
import { measuresOf } from '../evaluation/evaluate.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { EXPERIMENT_LIMITS } from '../protocol/experiment-limits.ts';
import type {
  ContenderSummary,
  ContenderView,
  ExperimentEntry,
  ExperimentView,
} from '../protocol/experiments.ts';
import { LIMITS } from '../protocol/limits.ts';
import { sameSource } from '../protocol/sources.ts';
import type { Workspace } from '../storage/workspace.ts';
import { describeDifference, identifyProgram } from './code.ts';
import { contenderTitle } from './contender-title.ts';
import { mergeShards } from './merge.ts';
import type { Contender, ExperimentPlan } from './plan.ts';
import { type ExperimentReport, reportExperiment } from './report.ts';
import { checkPolicy } from './run-shard.ts';
import type { ExperimentStore, FoundExperiment } from './store.ts';
import { writeSummary } from './summary.ts';
import { explainForeign, type Survey, survey } from './survey.ts';

const { named: MOST_NAMED, problems: MOST_PROBLEMS } = EXPERIMENT_LIMITS;
/** Contenders of which every two are held against one another: sixty take 4 s. */
const MOST_JUDGED = 60;

/** Shards that a plan has. */
export function countShards({ contenders, rollouts, shardSize }: ExperimentPlan): number {
  return contenders.length * Math.ceil(rollouts / shardSize);
}

/**
 * What lists and views say of an experiment alike.
 *
 * @param found its name, and when it was planned, ms
 */
export async function describeExperiment(
  store: ExperimentStore,
  { name, at }: Pick<FoundExperiment, 'name' | 'at'>,
  plan: ExperimentPlan,
  done: number,
): Promise<Omit<ExperimentEntry, 'first'>> {
  const { task, seed, rollouts, starts, instruction, contenders } = plan;
  const changed = await store.changedAt(name);
  return {
    ...{ name, task, seed, rollouts, starts, instruction },
    title: await store.title(name),
    at: new Date(at).toISOString(),
    changedAt: changed === null ? null : new Date(changed).toISOString(),
    contenders: contenders.length,
    shards: { done, total: countShards(plan) },
  };
}

/**
 * Reads all there is of an experiment, and says what of it what can be said by now.
 *
 * @throws ProtocolError 'not-found', 'damaged' for its plan; 'invalid-request' for more than a page is shown
 * @cost what `reportExperiment` costs where all is done, and 1 ms a result
 */
export async function viewExperiment(
  workspace: Workspace,
  store: ExperimentStore,
  name: string,
): Promise<ExperimentView> {
  const directory = store.directory(name);
  const plan = await directory.readPlan();
  checkSize(plan, await store.resultBytes(name));
  const stored = await directory.readShards();
  const state = survey(plan, stored);
  const done = state.shards.filter((shard) => shard.state === 'done').length;
  const problems = problemsOf(plan, state);
  const report = reportIfDone(plan, state, problems);
  const all = viewContenders(plan, state, report);
  if (done === state.shards.length && problems.length === 0) {
    await writeSummary(directory, plan, await directory.listShards(), summariesOf(all));
  }
  return {
    ...(await describeExperiment(
      store,
      { name, at: (await store.plannedAt(name)) ?? 0 },
      plan,
      done,
    )),
    all,
    engine: stored.find(({ shard }) => shard)?.shard?.engine ?? plan.engine,
    version: plan.code.version,
    hindrance: done < state.shards.length ? await hindranceOf(workspace, plan) : null,
    problems: problems.slice(0, MOST_PROBLEMS).map((text) => cutText(text, LIMITS.damagedMessage)),
    leftOut: plan.leftOut.slice(0, MOST_PROBLEMS),
  };
}

/** @throws ProtocolError 'invalid-request' for more than is read for a page */
export function checkSize(plan: ExperimentPlan, bytes: number): void {
  const { shards, resultBytes } = EXPERIMENT_LIMITS;
  if (countShards(plan) <= shards && bytes <= resultBytes) return;
  throw new ProtocolError(
    'invalid-request',
    `experiment: expected at most ${shards} shards and ${resultBytes} bytes of results, got ` +
      `${countShards(plan)} and ${bytes}; look at it with "experiment report"`,
  );
}

/** Null before all is there, and where something is wrong with it, which is added to the problems. */
function reportIfDone(
  plan: ExperimentPlan,
  state: Survey,
  problems: string[],
): ExperimentReport | null {
  const complete = state.shards.every((shard) => shard.state === 'done');
  if (!complete || plan.contenders.length > MOST_JUDGED) return null;
  try {
    return reportExperiment(plan, mergeShards(plan, state, ''), null);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    if (problems.length === 0) problems.push(error.message);
    return null;
  }
}

function viewContenders(
  plan: ExperimentPlan,
  { shards }: Survey,
  report: ExperimentReport | null,
): ContenderView[] {
  const task = findTask(plan.task);
  return plan.contenders.map((contender, i) => {
    const own = shards.filter((shard) => shard.contender === i);
    const rollouts = own.flatMap(
      ({ files }) => files.find(({ shard }) => shard)?.shard?.rollouts ?? [],
    );
    const { noise, demonstrated } = contender;
    const measures =
      report?.contenders[i].measures ??
      (rollouts.length > 0
        ? measuresOf(task, rollouts, { abilities: { noise } }, demonstrated)
        : null);
    return {
      ...contenderTitle(contender),
      done: rollouts.length,
      measures: measures && pickMeasures(measures),
      letters: report?.contenders[i].letters ?? null,
      robustness: report?.robustness.find((each) => each.contender === i) ?? null,
    };
  });
}

/** What a list says of contenders, where all have rollouts. */
export function summariesOf(all: readonly ContenderView[]): ContenderSummary[] {
  return all.flatMap(({ measures, letters }) =>
    measures ? [{ success: measures.success, letters }] : [],
  );
}

function pickMeasures(measures: NonNullable<ContenderView['measures']>): ContenderView['measures'] {
  const { success, contact, modes, conditionalEntropy, invalidMiddle, stepsToSuccess } = measures;
  return { success, contact, modes, conditionalEntropy, invalidMiddle, stepsToSuccess };
}

function problemsOf(plan: ExperimentPlan, { shards, foreign }: Survey): string[] {
  const own = shards.flatMap(({ files }) => files.flatMap(({ problem }) => problem ?? []));
  const others = foreign.map(({ path, shard, problem }) =>
    shard ? `${path}: ${explainForeign(plan, shard)}` : (problem ?? path),
  );
  return [...own, ...others];
}

/** Why what is missing of an experiment cannot be run here; null where it can. */
async function hindranceOf(workspace: Workspace, plan: ExperimentPlan): Promise<string | null> {
  const other = describeDifference(plan, await identifyProgram('rollouts'));
  if (other !== null) return `${other}; plan it again to run it with this version`;
  const policies = plan.contenders.filter(
    ({ source }, i, all) => all.findIndex((each) => sameSource(each.source, source)) === i,
  );
  for (const policy of policies.slice(0, MOST_NAMED)) {
    const reason = await policyProblem(workspace, policy);
    if (reason !== null) return reason;
  }
  return null;
}

/** Why a contender's policy is not the one that was planned; null where it is. */
export async function policyProblem(
  workspace: Workspace,
  contender: Contender,
): Promise<string | null> {
  try {
    await checkPolicy(workspace, contender);
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
}
