import { Color, Group } from 'three';
import { POST } from '../../sim/tasks/left-right.ts';
import { SIDE_COLORS } from '../shared/colors.ts';
import { CrossMarks } from './cross-marks.ts';
import { FatLines, type LineUniforms } from './fat-lines.ts';
import type { PathMode, PlannedPath } from './types.ts';

/** Paths and points a path that are shown. */
export const MAX_PATHS = 64;
export const MAX_PATH_POINTS = 128;

/** Line px. */
const WIDTH = 1.7;
const CHOSEN_WIDTH = 4;
const ORDER = 10;
/** Opacity now, and at the end of the plan. */
const OPACITY = [0.75, 0.3] as const;
const CHOSEN_OPACITY = [1, 0.75] as const;

const COLORS = {
  left: new Color(SIDE_COLORS.left),
  right: new Color(SIDE_COLORS.right),
  invalid: new Color(SIDE_COLORS.invalid),
  undecided: new Color(SIDE_COLORS.undecided),
};

function colorOf(mode: PathMode): Color {
  return COLORS[mode ?? 'undecided'];
}

/** The sampled futures of one view, coloured by side. */
export class Fan {
  readonly object = new Group();
  readonly #lines: FatLines;
  readonly #marks: CrossMarks;

  constructor(shared: LineUniforms) {
    this.#lines = new FatLines(MAX_PATHS * MAX_PATH_POINTS, shared, ORDER);
    this.#marks = new CrossMarks(shared);
    this.object.add(this.#lines.object, this.#marks.object);
  }

  set(paths: readonly PlannedPath[]): void {
    this.#lines.clear();
    this.#marks.clear();
    const shown = Math.min(paths.length, MAX_PATHS);
    // The chosen path is drawn last, on top of its siblings.
    for (let i = 0; i < shown; i++) if (!paths[i].chosen) this.#draw(paths[i]);
    for (let i = 0; i < shown; i++) if (paths[i].chosen) this.#draw(paths[i]);
    this.#lines.commit();
    this.#marks.commit();
  }

  dispose(): void {
    this.#lines.dispose();
    this.#marks.dispose();
  }

  #draw({ points, mode, chosen }: PlannedPath): void {
    const count = Math.min(points.length / 3, MAX_PATH_POINTS);
    if (count < 2) return;
    const color = colorOf(mode);
    const width = chosen ? CHOSEN_WIDTH : WIDTH;
    const [now, end] = chosen ? CHOSEN_OPACITY : OPACITY;
    for (let i = 0; i < count; i++) {
      const time = i / (count - 1);
      const last = i === count - 1;
      this.#lines.add(
        points[3 * i],
        points[3 * i + 1],
        points[3 * i + 2],
        last ? 0 : width,
        color,
        now + (end - now) * time,
      );
    }
    if (mode === 'invalid') this.#markCrossing(points, count);
  }

  /** Marks where a path enters the post's plane, or else where it comes nearest to the post. */
  #markCrossing(points: Float32Array, count: number): void {
    let at = 0;
    let smallest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const x = points[3 * i];
      const gap = Math.hypot(x - POST.x, points[3 * i + 1] - POST.y);
      if (gap < smallest) {
        smallest = gap;
        at = i;
      }
      const before = points[3 * i - 3];
      if (i > 0 && before < POST.x && x >= POST.x) {
        at = i - 1 + (POST.x - before) / (x - before);
        break;
      }
    }
    const i = Math.min(Math.floor(at), count - 2);
    const between = (axis: number) => {
      const from = points[3 * i + axis];
      return from + (points[3 * i + 3 + axis] - from) * (at - i);
    };
    this.#marks.add(between(0), between(1), between(2));
  }
}
