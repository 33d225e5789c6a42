import { planComparison } from '../../server/evaluation/comparison.ts';
import type { Comparison } from '../../server/protocol/results.ts';
import type { Lane } from '../../server/protocol/stage.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import type { CommonOptions } from '../options.ts';
import { formatTable, orDash, percent, printJson, sayFailures } from '../table.ts';
import { type EvaluationOptions, requestOf } from './options.ts';
import { compareWithProgress } from './table.ts';

/**
 * The same comparison at several action horizons: a regression escapes its own average where it
 * plans often, and cannot where it carries out a whole second of each plan.
 */
export async function compareHorizons(
  policies: Lane[],
  horizons: readonly number[],
  options: EvaluationOptions,
): Promise<Comparison[]> {
  const workspace = openWorkspace(options);
  // All of them, before the first takes its minutes: one may be longer than a plan.
  for (const actionHorizon of horizons) {
    await planComparison(workspace, { policies, ...requestOf({ ...options, actionHorizon }) });
  }
  const comparisons: Comparison[] = [];
  for (const actionHorizon of horizons) {
    comparisons.push(await compareWithProgress(policies, { ...options, actionHorizon }));
  }
  return comparisons;
}

export function printHorizons(
  comparisons: readonly Comparison[],
  { json }: Pick<CommonOptions, 'json'>,
): void {
  if (json) {
    printJson(comparisons);
    return;
  }
  const rows = comparisons.flatMap(({ policies }) =>
    policies.map((each) => [
      each.run ?? each.name,
      orDash(each.sampler),
      String(each.actionHorizon),
      percent(each.success.rate),
      percent(each.contact.rate),
      percent(each.invalidMiddle.rate),
      percent(each.modeSwitchRate),
    ]),
  );
  for (const { policies } of comparisons) {
    for (const each of policies) {
      const name = `${each.name}, Ta = ${each.actionHorizon}`;
      process.stdout.write(sayFailures({ ...each, name }));
    }
  }
  // A curve a policy, not a comparison a horizon.
  const order = comparisons[0].policies.map((_, i) => i);
  const sorted = order.flatMap((i) => rows.filter((_, row) => row % order.length === i));
  process.stdout.write(
    formatTable(
      ['policy', 'sampler', 'Ta', 'success', 'contact', 'between modes', 'switches'],
      sorted,
    ),
  );
}
