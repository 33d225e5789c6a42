export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Between a word and its note, and to the edges of the window, CSS px. */
const MARGIN = 8;

/**
 * Where a note stands: below its word or, where that leaves no room, above it, and within the window.
 * It never lies over the word. All in CSS px.
 */
export function placeOfNote(
  word: Box,
  note: { readonly width: number; readonly height: number },
  window: { readonly width: number; readonly height: number },
): { readonly x: number; readonly y: number } {
  const middle = (word.left + word.right - note.width) / 2;
  const x = Math.max(MARGIN, Math.min(middle, window.width - note.width - MARGIN));
  const below = word.bottom + MARGIN;
  const above = word.top - MARGIN - note.height;
  const fits = below + note.height + MARGIN <= window.height;
  // Where neither has room enough, the side that has more.
  const upwards = !fits && (above >= MARGIN || word.top > window.height - word.bottom);
  return { x, y: upwards ? above : below };
}
