/** A report of rollouts that nobody has made, for who reads its page. */

import type { ReportContent } from '../../scripts/report/page.ts';
import type { Pictured } from '../../scripts/report/pictures.ts';
import type { GridResult } from '../../server/evaluation/evaluate.ts';
import type { MergedExperiment } from '../../server/experiments/merge.ts';
import type { ExperimentPlan } from '../../server/experiments/plan.ts';
import { reportExperiment } from '../../server/experiments/report.ts';
import { allNewRollouts, allRollouts, somePlan } from './experiments.ts';

/** @param earlier whether results are of a version that told less. @default false */
export function mergedOf(plan: ExperimentPlan, earlier = false): MergedExperiment {
  const rollouts = earlier ? allRollouts(plan) : allNewRollouts(plan);
  return {
    engine: 'made up',
    contenders: plan.contenders.map((contender, i) => ({ contender, rollouts: rollouts[i] })),
  };
}

function pictureOf(contender: number, recorded: GridResult, proven: boolean): Pictured {
  const rollout = proven ? recorded : { ...recorded, replayHash: 'f'.repeat(16) };
  const path = [
    [0.34, 0],
    [0.4, 0.1],
    [0.6, 0.02],
  ] as const;
  return {
    ...{ contender, recorded, proven },
    replayed: { rollout, path, objects: [[0.62, 0]], controlHz: 20 },
  };
}

/** With a picture of each contender's first rollout, of which the last is not proven. */
export function someReport(
  plan: ExperimentPlan = somePlan(),
  {
    within = null,
    directory = 'sweep',
    earlier = false,
  }: { within?: number | null; directory?: string; earlier?: boolean } = {},
): ReportContent {
  const merged = mergedOf(plan, earlier);
  return {
    ...{ plan, within, engine: merged.engine, report: reportExperiment(plan, merged, within) },
    pictures: merged.contenders.map(({ rollouts }, i) =>
      pictureOf(i, rollouts[0], i < merged.contenders.length - 1),
    ),
    times: null,
    places: { directory, page: 'http://127.0.0.1:8080/' },
  };
}
