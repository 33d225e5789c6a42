import { INVALID } from '../../../../server/protocol/frames.ts';
import type { LaneId } from '../../../shared/lanes/lanes.ts';
import { firstDecidedFan, type Split, splitOf } from './split.ts';
import type { Track } from './track.ts';

/** How long a caption stands, s of the episode: that of the fork comes back after the other. */
const STANDS = { mean: 3, fork: 7 } as const;

/** What is worth saying of a moment, in the view that it happens in. */
export type Caption =
  /** One start, and plans that take different ways. */
  | { readonly kind: 'fork'; readonly lane: LaneId; readonly split: Split }
  /** The only answer of a policy, between the ways, has met the obstacle. */
  | { readonly kind: 'mean'; readonly lane: LaneId };

/**
 * The one caption of a moment: what happened last counts. A function of what was received, so that
 * going back in time brings it back.
 *
 * @param oneAnswer whether the policy of a lane has one answer to what it sees
 * @param shown the lanes on the stage
 */
export function captionAt(
  track: Track,
  step: number,
  oneAnswer: (lane: LaneId) => boolean,
  shown: readonly LaneId[] = track.lanes,
): Caption | null {
  let last: { readonly at: number; readonly caption: Caption } | null = null;
  for (const lane of shown) {
    const told = happened(track, lane, oneAnswer(lane));
    if (!told || told.at > step || (last && told.at <= last.at)) continue;
    if (step < told.at + STANDS[told.caption.kind] * track.info.controlHz) last = told;
  }
  return last?.caption ?? null;
}

function happened(
  track: Track,
  lane: LaneId,
  oneAnswer: boolean,
): { readonly at: number; readonly caption: Caption } | null {
  const first = firstDecidedFan(track, lane, Number.POSITIVE_INFINITY);
  if (!first) return null;
  if (oneAnswer) {
    const contact = track.marks(lane)?.contact ?? null;
    const between = first.paths[0]?.mode === INVALID;
    return contact !== null && between ? { at: contact, caption: { kind: 'mean', lane } } : null;
  }
  const split = splitOf(first);
  const ways = split.modes.filter((count) => count > 0).length;
  return ways > 1 ? { at: first.step, caption: { kind: 'fork', lane, split } } : null;
}
