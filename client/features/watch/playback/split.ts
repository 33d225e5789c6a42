import { INVALID, type ModeIndex, NO_MODE } from '../../../../server/protocol/frames.ts';
import type { Fan } from '../../../../server/protocol/index.ts';
import type { LaneId } from '../../../shared/lanes/lanes.ts';
import type { Track } from './track.ts';

/** A plan comes with the frame it starts from; it shows as soon as the hand is nearly there. */
export const FAN_LEAD = 0.5;

/** How many of a fan's futures take which way. */
export interface Split {
  /** They end before the modes part. */
  readonly none: number;
  readonly invalid: number;
  /** By the task's modes; trailing modes without a path may be left out. */
  readonly modes: readonly number[];
}

export function splitOf({ paths }: Pick<Fan, 'paths'>): Split {
  const count = (wanted: ModeIndex) => paths.filter(({ mode }) => mode === wanted).length;
  const modes = Math.max(-1, ...paths.map(({ mode }) => mode)) + 1;
  return {
    none: count(NO_MODE),
    invalid: count(INVALID),
    modes: Array.from({ length: modes }, (_, mode) => count(mode)),
  };
}

/** Whether any future of it gets as far as the obstacles. */
export function isDecided({ invalid, modes }: Split): boolean {
  return invalid > 0 || modes.some((count) => count > 0);
}

/**
 * The last plan up to a step that says something about modes; null before the first. Plans made
 * once an obstacle has been touched say how to slide off it, not which way was chosen.
 */
export function decidedFan(track: Track, lane: LaneId, step: number): Fan | null {
  const until = Math.min(step, track.marks(lane)?.contact ?? step);
  return track.fans(lane).findLast((fan) => fan.step <= until && isDecided(splitOf(fan))) ?? null;
}

/** The first plan of an episode up to a step that says something about modes; null before it. */
export function firstDecidedFan(track: Track, lane: LaneId, step: number): Fan | null {
  const until = Math.min(step, track.marks(lane)?.contact ?? step);
  return track.fans(lane).find((fan) => fan.step <= until && isDecided(splitOf(fan))) ?? null;
}

/** What a policy does with several right answers, judged by the plan it has just made. */
export type Verdict = 'averages' | 'samples' | { readonly mode: ModeIndex };

/**
 * A policy with one answer averages, unless its answer has come to be one of the modes.
 *
 * @param oneAnswer it has one answer to what it sees: nothing is drawn
 */
export function verdictOf(oneAnswer: boolean, split: Split | null): Verdict {
  if (!oneAnswer) return 'samples';
  const taken = (split?.modes ?? []).flatMap((count, mode) => (count > 0 ? [mode] : []));
  if (split?.invalid === 0 && taken.length === 1) return { mode: taken[0] };
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
