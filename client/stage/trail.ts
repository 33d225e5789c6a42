import { Color } from 'three';
import { FatLines, type LineUniforms } from './fat-lines.ts';

/** Points kept; when they run out, every other one is dropped. */
const CAPACITY = 1024;
/** Line px. */
const WIDTH = 3;
/** Movements below this are not worth a point, m. */
const SHORTEST_STEP = 0.002;
/** No arm gets this far between two frames: a seek or a new episode, m. */
const LONGEST_STEP = 0.15;
const TAIL_OPACITY = 0.2;
/** Over the plan it came from. */
const ORDER = 11;

/** The path the TCP has travelled in one view. */
export class Trail {
  /** Of what is added. */
  readonly color = new Color();
  readonly #lines: FatLines;
  /** Kept to thin the trail out: x, y, z of each point on it. */
  readonly #points = new Float32Array(3 * CAPACITY);

  constructor(shared: LineUniforms) {
    this.#lines = new FatLines(CAPACITY, shared, ORDER, TAIL_OPACITY);
  }

  get object() {
    return this.#lines.object;
  }

  clear(): void {
    this.#lines.clear();
  }

  /** Extends to a point, m, or restarts where it is far away. */
  extend(x: number, y: number, z: number): void {
    const { count } = this.#lines;
    if (count > 0) {
      const o = 3 * (count - 1);
      const step = Math.hypot(
        x - this.#points[o],
        y - this.#points[o + 1],
        z - this.#points[o + 2],
      );
      if (step < SHORTEST_STEP) return;
      if (step > LONGEST_STEP) this.clear();
      else if (count === CAPACITY) this.#thinOut();
    }
    this.#add(x, y, z);
    this.#lines.commit();
  }

  /** @param points [n, 3], m; a longer trail than it can hold is thinned out */
  replace(points: Float32Array): void {
    this.clear();
    const count = points.length / 3;
    const stride = Math.max(1, Math.ceil(count / CAPACITY));
    for (let i = 0; i < count; i += stride) {
      this.#add(points[3 * i], points[3 * i + 1], points[3 * i + 2]);
    }
    this.#lines.commit();
  }

  dispose(): void {
    this.#lines.dispose();
  }

  #add(x: number, y: number, z: number): void {
    const o = 3 * this.#lines.count;
    this.#points[o] = x;
    this.#points[o + 1] = y;
    this.#points[o + 2] = z;
    this.#lines.add(x, y, z, WIDTH, this.color, 0.9);
  }

  #thinOut(): void {
    this.clear();
    const points = this.#points;
    for (let i = 0; i < CAPACITY; i += 2) {
      this.#add(points[3 * i], points[3 * i + 1], points[3 * i + 2]);
    }
  }
}
