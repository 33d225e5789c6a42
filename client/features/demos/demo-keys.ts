import type { Viewer } from './viewer.ts';

/** What an arrow moves the time by, s; with shift ten times as much. */
const STEP = 0.1;

/**
 * The keys of the time while the stage shows demonstrations; they would move the policies' time
 * otherwise, which nobody sees.
 *
 * @returns whether the key meant something
 */
export function demoKey(
  viewer: Viewer,
  { code, shiftKey }: Pick<KeyboardEvent, 'code' | 'shiftKey'>,
): boolean {
  const playback = viewer.playback.peek();
  const nudge = (sign: number) => {
    const seconds = sign * STEP * (shiftKey ? 10 : 1);
    playback?.seek(Math.round(playback.position.peek() + seconds * playback.view.controlHz));
  };
  if (code === 'Space') playback?.toggle();
  else if (code === 'ArrowLeft') nudge(-1);
  else if (code === 'ArrowRight') nudge(1);
  else if (code === 'KeyN') viewer.step(1);
  else if (code === 'Escape') viewer.leave();
  else return false;
  return true;
}
