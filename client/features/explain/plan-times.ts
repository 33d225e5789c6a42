import { formatCsv } from '../../../server/protocol/csv.ts';
import { blockedPeriods } from '../../../server/protocol/deadline.ts';
import { Durations } from '../../../server/protocol/durations.ts';
import type { Spread } from '../../../server/protocol/results.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import type { PlanTime } from '../watch/measurements.ts';

/** What there is to say of the times of a lane's plans. */
export interface TimesOfLane {
  readonly plans: number;
  /** Not there when the control step was over that they were asked for. */
  readonly late: number;
  /** ms, as `latency` counts them; null without any. */
  readonly spread: Spread | null;
}

export function timesOf(times: readonly PlanTime[], lane: LaneId): TimesOfLane {
  const durations = new Durations();
  let late = 0;
  for (const { lane: each, milliseconds, period } of times) {
    if (each !== lane) continue;
    durations.record(milliseconds);
    if (blockedPeriods(milliseconds, period) > 0) late++;
  }
  const plans = durations.count;
  return { plans, late, spread: plans > 0 ? durations.spread() : null };
}

/** A plan a row, in order of arrival; times in ms. */
export function timesAsCsv(
  times: readonly PlanTime[],
  nameOf: (lane: LaneId) => string | null,
): string {
  const header = ['view', 'policy', 'episode', 'step', 'plan_ms', 'period_ms', 'missed'];
  const rows = times.map(({ lane, episode, step, milliseconds, period }) => [
    ...[lane, nameOf(lane), episode, step, milliseconds.toFixed(4), period],
    Number(blockedPeriods(milliseconds, period) > 0),
  ]);
  return formatCsv([header, ...rows]);
}
