import type { LaneId } from '../../../shared/lanes/lanes.ts';
import { eventsOf, neighbour } from '../playback/events.ts';
import type { Player } from '../playback/player.ts';

/**
 * Goes to what happened before (−1) or after (1) the moment that is shown.
 *
 * @param focus the view that alone counts; null for all
 * @returns whether there was something
 */
export function seekEvent(player: Player, direction: 1 | -1, focus: LaneId | null): boolean {
  const track = player.track.peek();
  if (!track) return false;
  const lanes = track.lanes.filter((lane) => focus === null || lane === focus);
  const events = lanes.flatMap((lane) => eventsOf(track, lane));
  const found = neighbour(events, player.position.peek(), direction);
  if (found) player.seek(found.step);
  return found !== null;
}
