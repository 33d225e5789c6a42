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

/** Of a plan that is remembered: under the others, and no more than a hint of them. */
const GHOST_WIDTH = 1.1;
const GHOST_OPACITY = [0.34, 0.16] as const;

/**
 * The sampled futures of one view, coloured by their ways, and under them those of a plan that is
 * remembered: in one buffer, so that remembering costs no draw call.
 */
export class Fan {
  readonly object = new Group();
  readonly #lines: FatLines;
  readonly #marks: CrossMarks;
  readonly #colors = new Map<number, Color>();
  #paths: readonly PlannedPath[] = [];
  #ghosts: readonly PlannedPath[] = [];
  /** What blocked paths run into. */
  obstacles: readonly Obstacle[] = [];

  constructor(shared: LineUniforms) {
    this.#lines = new FatLines(2 * MAX_PATHS * MAX_PATH_POINTS, shared, ORDER);
    this.#marks = new CrossMarks(shared);
    this.object.add(this.#lines.object, this.#marks.object);
  }

  set(paths: readonly PlannedPath[]): void {
    this.#paths = paths.slice(0, MAX_PATHS);
    this.#redraw();
  }

  setGhosts(paths: readonly PlannedPath[]): void {
    this.#ghosts = paths.slice(0, MAX_PATHS);
    this.#redraw();
  }

  dispose(): void {
    this.#lines.dispose();
    this.#marks.dispose();
  }

  #redraw(): void {
    this.#lines.clear();
    this.#marks.clear();
    for (const ghost of this.#ghosts) this.#draw(ghost, GHOST_WIDTH, GHOST_OPACITY);
    // The chosen path is drawn last, on top of its siblings.
    for (const path of this.#paths) if (!path.chosen) this.#draw(path, WIDTH, OPACITY);
    for (const path of this.#paths) if (path.chosen) this.#draw(path, CHOSEN_WIDTH, CHOSEN_OPACITY);
    for (const { points, blocked } of this.#paths) if (blocked) this.#markCrossing(points);
    this.#lines.commit();
    this.#marks.commit();
  }

  #draw(
    { points, color: hex }: PlannedPath,
    width: number,
    [now, end]: readonly [number, number],
  ): void {
    const count = Math.min(points.length / 3, MAX_PATH_POINTS);
    if (count < 2) return;
    const color = this.#colors.get(hex) ?? new Color(hex);
    this.#colors.set(hex, color);
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
  }

  /** Marks where a path enters an obstacle's plane, or else where it comes nearest to one. */
  #markCrossing(points: Float32Array): void {
    const count = Math.min(points.length / 3, MAX_PATH_POINTS);
    if (count < 2) return;
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
