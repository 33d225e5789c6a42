import { effect, type ReadonlySignal, type Signal } from '@preact/signals';
import { LANES, type LaneId } from '../../shared/lanes/lanes.ts';

/** What a phone turns through: the views one by one, then all at once (null). */
export const PAGES: readonly (LaneId | null)[] = [...LANES, null];

/** Shortest way, CSS px, and longest time, ms, of a finger that turns the page. */
const SHORTEST = 48;
const LONGEST = 600;
/** A way is sideways where it is so many times as wide as it is high. */
const SIDEWAYS = 1.5;

/** Where one finger was put down, or lifted: CSS px and ms. */
export interface Touch {
  readonly x: number;
  readonly y: number;
  readonly at: number;
}

/** The page that lies `by` pages further; the first and the last have none beyond them. */
export function pageBeside(page: LaneId | null, by: 1 | -1): LaneId | null {
  const at = PAGES.indexOf(page) + by;
  return PAGES[Math.min(PAGES.length - 1, Math.max(0, at))];
}

/** Which way a finger turned the page: 1 towards the next, which comes from the right; 0 not at all. */
export function turnOf(from: Touch, to: Touch): 1 | -1 | 0 {
  const [across, down] = [to.x - from.x, to.y - from.y];
  if (Math.abs(across) < SHORTEST || to.at - from.at > LONGEST) return 0;
  if (Math.abs(across) < SIDEWAYS * Math.abs(down)) return 0;
  return across < 0 ? 1 : -1;
}

/**
 * A window that becomes as narrow as a phone shows one view, and all again once it is wide: unless a page
 * has been chosen meanwhile.
 *
 * @returns ends it
 */
export function foldPages(
  narrow: ReadonlySignal<boolean>,
  focus: Signal<LaneId | null>,
): () => void {
  let was = narrow.peek();
  let folded = false;
  return effect(() => {
    const is = narrow.value;
    if (is === was) return;
    was = is;
    if (is) {
      folded = focus.peek() === null;
      if (folded) focus.value = LANES[0];
    } else if (folded && focus.peek() === LANES[0]) focus.value = null;
  });
}
