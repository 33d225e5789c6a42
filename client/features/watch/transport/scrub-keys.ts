import type { Player } from '../playback/player.ts';

/** What an arrow and a page key move the time by, s. */
const STEP = 0.1;
const PAGE = 1;

const MOVES: Readonly<Record<string, number>> = {
  ArrowRight: STEP,
  ArrowUp: STEP,
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  PageUp: PAGE,
  PageDown: -PAGE,
};

/** The keys of a slider, which the time of an episode is. */
export const SCRUB_KEYS = [...Object.keys(MOVES), 'Home', 'End'] as const;

/**
 * Moves the time as a slider's keys do: to its ends with Home and End.
 *
 * @returns whether the key is one of a slider's
 */
export function scrubByKey(
  player: Player,
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
): boolean {
  const track = player.track.peek();
  const by = MOVES[key];
  if (by !== undefined) player.nudge(shiftKey ? Math.sign(by) * PAGE : by);
  else if (key === 'Home') player.seek(track?.firstStep ?? 0);
  else if (key === 'End') player.seek(track?.lastStep ?? 0);
  else return false;
  return true;
}
