/**
 * How far live playback stays behind the newest frame, control steps: it then has two frames to
 * move between.
 */
const DELAY = 1;
/** Further behind than this, s of the stage's time, it jumps. */
const LONGEST_LAG = 0.6;
/** Part of the distance to its place that is made up a step. */
const CATCH_UP = 0.25;
const SLOWEST = 0.7;
const FASTEST = 2;

export interface LiveMoment {
  /** Control step of the newest frame. */
  readonly newest: number;
  /** Control steps a second of real time. */
  readonly rate: number;
  /** Since the last call, s. */
  readonly seconds: number;
}

/**
 * Moves the live position on: evenly, although frames come unevenly; never back, and never beyond
 * what has been received. While a plan is made no frames come: it then stands on the newest one.
 */
export function advanceLive(position: number, { newest, rate, seconds }: LiveMoment): number {
  const behind = newest - DELAY - position;
  if (behind > Math.max(DELAY, rate * LONGEST_LAG)) return newest - DELAY;
  const pace = Math.max(SLOWEST, Math.min(FASTEST, 1 + CATCH_UP * behind));
  return Math.max(position, Math.min(newest, position + rate * pace * seconds));
}
