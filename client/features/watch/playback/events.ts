import { INVALID, type ModeIndex, NO_MODE } from '../../../../server/protocol/frames.ts';
import type { LaneId } from '../../../shared/lanes/lanes.ts';
import type { Track } from './track.ts';

/** The gripper has turned round when it has moved so far, m: less is the policy's trembling. */
const GRIPPER_TURN = 0.006;
/** So near to where it turned it has not left yet, m. */
const GRIPPER_STILL = 0.001;

/** Something that happened to a lane at a control step. */
export type TrackEvent = { readonly lane: LaneId; readonly step: number } & (
  | {
      readonly kind: 'plan';
      /** Time it took, ms. */
      readonly milliseconds: number;
      /** It took longer than a control step. */
      readonly late: boolean;
    }
  | { readonly kind: 'contact' | 'success' | 'closes' | 'opens' }
  /** The plan that is acted on takes another way than the one before it. */
  | { readonly kind: 'turns'; readonly from: ModeIndex; readonly to: ModeIndex }
);

/**
 * All that happened to a lane, in order of time.
 *
 * @cost of its frames and plans: a few µs a second of an episode
 */
export function eventsOf(track: Track, lane: LaneId): readonly TrackEvent[] {
  const marks = track.marks(lane);
  if (!marks) return [];
  const events: TrackEvent[] = [...plans(track, lane), ...gripper(track, lane)];
  for (const kind of ['contact', 'success'] as const) {
    const step = marks[kind];
    if (step !== null) events.push({ kind, lane, step });
  }
  return events.sort((a, b) => a.step - b.step);
}

/** Whether one would go there: of ordinary plans there are too many. */
export function isNotable(event: TrackEvent): boolean {
  return event.kind !== 'plan' || event.late;
}

/**
 * The notable event next to a moment, before (−1) or after it (1).
 *
 * @param events in any order
 * @returns null where there is none
 */
export function neighbour(
  events: readonly TrackEvent[],
  step: number,
  direction: 1 | -1,
): TrackEvent | null {
  let found: TrackEvent | null = null;
  for (const event of events) {
    if (!isNotable(event) || direction * (event.step - step) <= 0) continue;
    if (!found || direction * (event.step - found.step) < 0) found = event;
  }
  return found;
}

/** The event nearest to a moment, no further from it than `reach` steps; the notable ones first. */
export function nearestEvent(
  events: readonly TrackEvent[],
  step: number,
  reach: number,
): TrackEvent | null {
  const distance = (event: TrackEvent) => Math.abs(event.step - step);
  const near = events.filter((event) => distance(event) <= reach);
  near.sort((a, b) => Number(isNotable(b)) - Number(isNotable(a)) || distance(a) - distance(b));
  return near[0] ?? null;
}

function plans(track: Track, lane: LaneId): TrackEvent[] {
  const period = 1000 / track.info.controlHz;
  // Once an obstacle has been touched, plans say how to slide off it, not which way was chosen.
  const until = track.marks(lane)?.contact ?? Number.POSITIVE_INFINITY;
  let way: ModeIndex = NO_MODE;
  return track.fans(lane).flatMap(({ step, milliseconds, paths }): TrackEvent[] => {
    const plan = { kind: 'plan', lane, step, milliseconds, late: milliseconds > period } as const;
    const to = paths[0]?.mode ?? NO_MODE;
    const from = way;
    if (to === NO_MODE || step > until) return [plan];
    way = to;
    const turned = from !== NO_MODE && from !== to && to !== INVALID;
    return turned ? [plan, { kind: 'turns', lane, step, from, to }] : [plan];
  });
}

/** Where the gripper begins to close and to open: a zigzag through its turning points. */
function gripper(track: Track, lane: LaneId): TrackEvent[] {
  const events: TrackEvent[] = [];
  let turning: { step: number; opening: number } | null = null;
  let direction = 0;
  for (const { step, opening } of track.framesOf(lane, 0)) {
    turning ??= { step, opening };
    const moved = opening - turning.opening;
    if (direction !== 0 && Math.sign(moved) === direction) turning = { step, opening };
    else if (Math.abs(moved) <= GRIPPER_STILL) turning.step = step;
    else if (Math.abs(moved) >= GRIPPER_TURN) {
      direction = Math.sign(moved);
      events.push({ kind: direction < 0 ? 'closes' : 'opens', lane, step: turning.step });
      turning = { step, opening };
    }
  }
  return events;
}
