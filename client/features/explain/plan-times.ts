import type { AlignedData } from 'uplot';
import { LANES } from '../../shared/lanes/lanes.ts';
import type { PlanTime } from '../watch/measurements.ts';

/** How long a plan took, and the control period of who made it, ms. */
export type Timed = Pick<PlanTime, 'milliseconds' | 'period'>;

/**
 * Control periods for which a robot that waits for its plan has no action: those that are over
 * before the plan is there. As `latency` counts them.
 */
export function blockedPeriods({ milliseconds, period }: Timed): number {
  return Math.max(0, Math.ceil(milliseconds / period) - 1);
}

/** It is not there when the control step it was asked for is over. */
export function isLate(time: Timed): boolean {
  return blockedPeriods(time) > 0;
}

/**
 * Times of whole plans, ms, for a plot: a row an inference; a column a lane of those in time, then a
 * column a lane of those that are late.
 */
export function planTimeColumns(times: readonly PlanTime[]): AlignedData {
  const column = (of: (time: PlanTime) => boolean) =>
    times.map((time) => (of(time) ? time.milliseconds : null));
  return [
    times.map(({ number }) => number),
    ...LANES.map((lane) => column((time) => time.lane === lane && !isLate(time))),
    ...LANES.map((lane) => column((time) => time.lane === lane && isLate(time))),
  ];
}
