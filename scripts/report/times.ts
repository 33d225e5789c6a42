/** How long plans of the contenders on the front take on the machine that makes the report. */
import { cpus } from 'node:os';
import { timePlans } from '../../server/evaluation/evaluate.ts';
import { prepareEvaluation } from '../../server/evaluation/input.ts';
import type { ExperimentPlan } from '../../server/experiments/plan.ts';
import type { ExperimentReport } from '../../server/experiments/report.ts';
import { checkPolicy, evaluationOf } from '../../server/experiments/run-shard.ts';
import { describeShard } from '../../server/experiments/shard.ts';
import type { PlanTimes } from '../../server/protocol/results.ts';
import { openWorkspace, type Place } from '../../server/storage/workspace.ts';

/** Times of single plans, by place among the contenders. */
export interface FrontTimes {
  readonly plans: ReadonlyMap<number, PlanTimes>;
  /** What they were timed on. */
  readonly cpu: string;
}

/**
 * Times the contenders on the front, one after the other; those whose plans go on from one another are left
 * out, as a single plan has none before it.
 *
 * @param onDone called with the number of those that there are
 * @throws ProtocolError 'conflict' where a policy is another by now
 * @cost   about 1 s a contender
 */
export async function timeFront(
  place: Place,
  plan: ExperimentPlan,
  { contenders }: ExperimentReport,
  { onBegin, onDone }: { onBegin(total: number): void; onDone(done: number): void },
): Promise<FrontTimes> {
  const timed = contenders.flatMap(({ onFront, contender }, i) =>
    onFront && contender.chunking?.scheme !== 'real-time' ? [i] : [],
  );
  onBegin(timed.length);
  const plans = new Map<number, PlanTimes>();
  for (const [done, i] of timed.entries()) {
    const shard = describeShard(plan, plan.contenders[i], []);
    await checkPolicy(openWorkspace(place), shard.acting);
    const { input } = evaluationOf(place, shard);
    const times = await timePlans(await prepareEvaluation(input));
    if (times) plans.set(i, times);
    onDone(done + 1);
  }
  return { plans, cpu: cpus()[0]?.model ?? 'unknown' };
}
