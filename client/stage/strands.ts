import { Color } from 'three';
import { FatLines, type LineUniforms } from './fat-lines.ts';
import type { Strand } from './types.ts';

/** Points of all strands together that are shown. */
export const STRAND_POINTS = 24_000;
/** Under fans and trails. */
const ORDER = 8;

/** Many paths at once, each with a width of its own: those of a dataset. */
export class Strands {
  readonly #lines: FatLines;
  readonly #color = new Color();

  constructor(shared: LineUniforms) {
    this.#lines = new FatLines(STRAND_POINTS, shared, ORDER);
  }

  get object() {
    return this.#lines.object;
  }

  set(strands: readonly Strand[]): void {
    this.#lines.clear();
    for (const strand of strands) if (!this.#draw(strand)) break;
    this.#lines.commit();
  }

  dispose(): void {
    this.#lines.dispose();
  }

  /** @returns false where there was no room for all of it */
  #draw({ points, color, width, opacity }: Strand): boolean {
    const count = points.length / 3;
    if (this.#lines.count + count > this.#lines.capacity) return false;
    this.#color.set(color);
    for (let i = 0; i < count; i++) {
      const at = 3 * i;
      const here = i === count - 1 ? 0 : width;
      this.#lines.add(points[at], points[at + 1], points[at + 2], here, this.#color, opacity);
    }
    return true;
  }
}
