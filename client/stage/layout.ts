/** CSS px, from the container's top left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ViewRect extends Rect {
  readonly id: string;
}

/** Between views, and the radius of their corners, CSS px. */
const GAP = 8;
const CORNER_RADIUS = 12;

/**
 * Width over height of what a view must show: the arm upright. It needs more room to swing, but
 * views side by side are compared at a glance, and not where they lie over each other.
 */
const CONTENT_ASPECT = 0.62;
/** About what is written above and below the content of a view, CSS px. */
const TEXT_HEIGHT = 200;
/** Part of a view that stays for its content, however much is written in it. */
const LEAST_CLEAR = 0.3;

/** Parts of each view, from its edges, in which the page writes: the content keeps clear of them. */
export interface Insets {
  readonly top: number;
  readonly bottom: number;
  /** Where texts stand beside the content, and views one above the other. */
  readonly left: number;
}

export const NO_INSETS: Insets = { top: 0, bottom: 0, left: 0 };

/**
 * Cells of equal size that fill a container, row by row: as many to a row as shows the content
 * largest, so that a wide container has them side by side and a narrow one one above the other. A
 * last row of fewer stands in the middle.
 *
 * @param beside texts stand beside the content: one view a row
 */
export function layoutViews(
  ids: readonly string[],
  width: number,
  height: number,
  beside = false,
): ViewRect[] {
  const count = ids.length;
  let columns = beside ? 1 : count;
  let best = Number.NEGATIVE_INFINITY;
  for (let candidate = columns; candidate >= 1; candidate--) {
    const rows = Math.ceil(count / candidate);
    const room = height / rows - (count > 1 ? TEXT_HEIGHT : 0);
    const scale = Math.min(width / candidate / CONTENT_ASPECT, room);
    if (scale > best) {
      best = scale;
      columns = candidate;
    }
  }
  const rows = Math.ceil(count / columns);
  const cellWidth = (width - GAP * (columns - 1)) / columns;
  const cellHeight = (height - GAP * (rows - 1)) / rows;
  return ids.map((id, i) => {
    const row = Math.floor(i / columns);
    const inRow = Math.min(columns, count - row * columns);
    const indent = ((columns - inRow) * (cellWidth + GAP)) / 2;
    return {
      id,
      x: indent + (i % columns) * (cellWidth + GAP),
      y: row * (cellHeight + GAP),
      width: cellWidth,
      height: cellHeight,
    };
  });
}

/** What is left of a view for its content, CSS px from the view's corner. */
export function clearOf({ width, height }: Rect, { top, bottom, left }: Insets): Rect {
  const least = LEAST_CLEAR * height;
  const y = Math.min(top, height - least);
  const x = Math.min(left, (1 - LEAST_CLEAR) * width);
  return { x, y, width: width - x, height: Math.max(least, height - y - bottom) };
}

/** The cell that holds a point of the container. */
export function viewAt(rects: readonly ViewRect[], x: number, y: number): ViewRect | undefined {
  return rects.find(
    (rect) => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height,
  );
}

/** CSS `clip-path` that cuts a canvas into its views, with rounded corners. */
export function clipPath(rects: readonly Rect[]): string {
  const r = CORNER_RADIUS;
  const arc = (dx: number, dy: number) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  const outlines = rects.map(
    ({ x, y, width, height }) =>
      `M${x + r} ${y}h${width - 2 * r}${arc(r, r)}v${height - 2 * r}${arc(-r, r)}` +
      `h${2 * r - width}${arc(-r, -r)}v${2 * r - height}${arc(r, -r)}z`,
  );
  return `path("${outlines.join('')}")`;
}
