import { blockedPeriods } from '../../../server/protocol/deadline.ts';
import type { Fan } from '../../../server/protocol/index.ts';
import type { LaneInfo } from '../../../server/protocol/stage.ts';

/** Control steps that there is room for at least: 4 s at 20 Hz. */
const LEAST_SECONDS = 4;
/** Deadlines that a picture is high: what takes longer is cut off, and says so. */
const HIGH = 2;

/** A plan in the picture of an episode. */
export interface StepBar {
  /** Control step at which it was asked for. */
  readonly step: number;
  readonly milliseconds: number;
  /** Of the picture's height. */
  readonly share: number;
  /** It is higher than the picture. */
  readonly cut: boolean;
  readonly late: boolean;
}

/** Control steps of an episode against the deadline of a plan. */
export interface StepPicture {
  readonly bars: readonly StepBar[];
  /** Control steps from, to (not included), in which the arm waited for a plan. */
  readonly waits: readonly (readonly [from: number, to: number])[];
  /** Control steps across. */
  readonly steps: number;
  /** Where the deadline lies, of the picture's height. */
  readonly deadline: number;
}

/**
 * @param fans     plans of a lane, oldest first
 * @param chunking what its arm does meanwhile; left out: plans are there at once
 * @param last     control step of the newest frame
 */
export function pictureOf(
  fans: readonly Pick<Fan, 'step' | 'milliseconds'>[],
  { chunking }: Pick<LaneInfo, 'chunking'>,
  { last, controlHz }: { last: number; controlHz: number },
): StepPicture {
  const period = 1000 / controlHz;
  const most = HIGH * period;
  const delay = chunking?.scheme === 'synchronous' ? chunking.delay : 0;
  return {
    bars: fans.map(({ step, milliseconds }) => ({
      ...{ step, milliseconds },
      share: Math.min(1, milliseconds / most),
      cut: milliseconds > most,
      late: blockedPeriods(milliseconds, period) > 0,
    })),
    // The first plan is there as the episode begins.
    waits: fans.slice(1).flatMap(({ step }) => {
      const to = Math.min(step + delay, last);
      return to > step ? [[step, to] as const] : [];
    }),
    steps: Math.max(LEAST_SECONDS * controlHz, last + 1),
    deadline: 1 / HIGH,
  };
}
