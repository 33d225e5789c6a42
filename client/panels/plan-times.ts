import type { AlignedData } from 'uplot';
import { LANES } from '../lanes.ts';
import type { PlanTime } from '../state/session.ts';

/** Times a control step, ms: a column a lane, a row an inference. */
export function planTimeColumns(times: readonly PlanTime[]): AlignedData {
  return [
    times.map(({ number }) => number),
    ...LANES.map((lane) =>
      times.map((time) => (time.lane === lane ? time.milliseconds / time.actionHorizon : null)),
    ),
  ];
}
