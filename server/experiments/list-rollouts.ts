import { findPolicy } from '../evaluation/comparison.ts';
import type { GridResult } from '../evaluation/evaluate.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { EXPERIMENT_LIMITS } from '../protocol/experiment-limits.ts';
import type { ExperimentRollouts } from '../protocol/experiments.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Workspace } from '../storage/workspace.ts';
import { linkTo } from './link.ts';
import type { Contender, ExperimentPlan } from './plan.ts';
import { shardsOf } from './shard.ts';
import type { ExperimentStore } from './store.ts';
import { checkSize, policyProblem } from './view.ts';

/** What is asked of a contender's rollouts. */
export interface RolloutsRequest {
  readonly name: string;
  readonly contender: number;
  readonly from: number;
}

/**
 * Rollouts of a contender that are there, failures first, each with what plays it on the page.
 *
 * @throws ProtocolError 'not-found' for an experiment or a contender that there is not
 */
export async function listRollouts(
  workspace: Workspace,
  store: ExperimentStore,
  { name, contender: index, from }: RolloutsRequest,
): Promise<ExperimentRollouts> {
  const directory = store.directory(name);
  const plan = await directory.readPlan();
  const contender = plan.contenders[index];
  if (!contender) {
    throw new ProtocolError(
      'not-found',
      `${name}: expected a contender from 0 to ${plan.contenders.length - 1}, got ${index}`,
    );
  }
  checkSize(plan, await store.resultBytes(name));
  const own = shardsOf(plan).filter((shard) => shard.contender === index);
  const stored = await directory.readShards(new Set(own.map(({ id }) => id)));
  const rollouts = own.flatMap(
    ({ id }) => stored.find((file) => file.id === id && file.shard)?.shard?.rollouts ?? [],
  );
  const ordered = [
    ...rollouts.filter(({ success }) => !success),
    ...rollouts.filter(({ success }) => success),
  ];
  const { refusal, link } = await linksTo(workspace, plan, contender);
  return {
    rollouts: ordered.slice(from, from + EXPERIMENT_LIMITS.rollouts).map((rollout) => {
      const { start, noise, success, contact, mode, steps, failure } = rollout;
      return {
        ...{ start, noise, success, contact, mode, steps },
        ...(failure !== undefined && { failure: failure.slice(0, LIMITS.damagedMessage) }),
        link: link(rollout),
      };
    }),
    total: rollouts.length,
    failures: rollouts.filter(({ success }) => !success).length,
    refusal,
  };
}

/** How a contender's rollouts are played on the page, or why they cannot be. */
async function linksTo(
  workspace: Workspace,
  plan: ExperimentPlan,
  contender: Contender,
): Promise<{
  readonly refusal: string | null;
  link(rollout: GridResult): string | null;
}> {
  const refusal = await policyProblem(workspace, contender);
  if (refusal !== null) return { refusal, link: () => null };
  const { controlHz } = (await findPolicy(workspace, contender.source)).about;
  // From the page, which may lie below any path.
  const link = (rollout: GridResult) =>
    linkTo('', plan, contender, rollout, controlHz)?.replace(/^\//, '') ?? null;
  const probe = linkTo('', plan, contender, PROBE, controlHz);
  if (probe !== null) return { refusal: null, link };
  return {
    refusal:
      `expected batches of at most ${LIMITS.batch} and a policy that ships or a run, got others; play ` +
      'them with "replay"',
    link,
  };
}

/** Whether there are links is no matter of the rollout. */
const PROBE = { start: 0, noise: 0, replayHash: '' };
