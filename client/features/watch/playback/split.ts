import type { Fan, PlanMode } from '../../../../server/protocol/index.ts';
import type { LaneId } from '../../../shared/lanes/lanes.ts';
import type { Track } from './track.ts';

/** A plan comes with the frame it starts from; it shows as soon as the hand is nearly there. */
export const FAN_LEAD = 0.5;

/** How many of a fan's futures take which way. */
export type Split = Readonly<Record<PlanMode, number>>;

export function splitOf({ paths }: Fan): Split {
  const split = { none: 0, invalid: 0, left: 0, right: 0 };
  for (const { mode } of paths) split[mode]++;
  return split;
}

/** Whether any future of it gets as far as the post. */
export function isDecided({ invalid, left, right }: Split): boolean {
  return invalid + left + right > 0;
}

/**
 * The last plan up to a step that says something about sides; null before the first. Plans made
 * once the post has been touched say how to slide off it, not which way was chosen.
 */
export function decidedFan(track: Track, lane: LaneId, step: number): Fan | null {
  const until = Math.min(step, track.marks(lane)?.contact ?? step);
  return track.fans(lane).findLast((fan) => fan.step <= until && isDecided(splitOf(fan))) ?? null;
}

/** What a policy does with two right answers, judged by the plan it has just made. */
export type Verdict = 'averages' | 'samples' | 'left' | 'right';

/**
 * A policy with one answer averages, unless its answer has come to lie on one side.
 *
 * @param oneAnswer it has one answer to what it sees: nothing is drawn
 */
export function verdictOf(oneAnswer: boolean, split: Split | null): Verdict {
  if (!oneAnswer) return 'samples';
  if (split && split.invalid === 0 && split.left > 0 && split.right === 0) return 'left';
  if (split && split.invalid === 0 && split.right > 0 && split.left === 0) return 'right';
  return 'averages';
}

/**
 * Whether a lane waits for its plan. It plans at every multiple of the action horizon; the next
 * frame comes when it has; the futures it chose from are told a little later still.
 */
export function isPlanning(track: Track, lane: LaneId): boolean {
  if (track.marks(lane)?.ended != null) return false;
  const { lastStep } = track;
  const due = lastStep % track.info.actionHorizon === 0;
  return due && track.fans(lane).at(-1)?.step !== lastStep;
}
