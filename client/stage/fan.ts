import { Color, Group } from 'three';
import type { Obstacle } from '../../sim/tasks/task.ts';
import { CrossMarks } from './cross-marks.ts';
import { FatLines, type LineUniforms } from './fat-lines.ts';
import type { PlannedPath } from './types.ts';

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

/** The sampled futures of one view, coloured by their ways. */
export class Fan {
  readonly object = new Group();
  readonly #lines: FatLines;
  readonly #marks: CrossMarks;
  readonly #colors = new Map<number, Color>();
  /** What blocked paths run into. */
  obstacles: readonly Obstacle[] = [];

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

  #draw({ points, color: hex, blocked, chosen }: PlannedPath): void {
    const count = Math.min(points.length / 3, MAX_PATH_POINTS);
    if (count < 2) return;
    const color = this.#colors.get(hex) ?? new Color(hex);
    this.#colors.set(hex, color);
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
    if (blocked) this.#markCrossing(points, count);
  }

  /** Marks where a path enters an obstacle's plane, or else where it comes nearest to one. */
  #markCrossing(points: Float32Array, count: number): void {
    let at = 0;
    let smallest = Number.POSITIVE_INFINITY;
    const planes = [...new Set(this.obstacles.map(({ x }) => x))];
    for (let i = 0; i < count; i++) {
      const x = points[3 * i];
      const y = points[3 * i + 1];
      for (const obstacle of this.obstacles) {
        const gap = Math.hypot(x - obstacle.x, y - obstacle.y);
        if (gap < smallest) {
          smallest = gap;
          at = i;
        }
      }
      const before = points[3 * i - 3];
      const entered = planes.find((plane) => i > 0 && before < plane && x >= plane);
      if (entered !== undefined) {
        at = i - 1 + (entered - before) / (x - before);
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
