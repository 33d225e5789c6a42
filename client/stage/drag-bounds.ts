import { Color } from 'three';
import { BALL_COLOR } from '../shared/colors.ts';
import { FatLines, type LineUniforms } from './fat-lines.ts';
import type { Bounds } from './types.ts';

/** Line px. */
const WIDTH = 1.5;
const OPACITY = 0.55;
/** m */
const CORNER = 0.02;
const CORNER_STEPS = 6;
const HEIGHT = 0.002;
const ORDER = 3;

/** The outline on the table of where an object may be put, shown while one is dragged. */
export class DragBounds {
  readonly #lines: FatLines;

  constructor(shared: LineUniforms) {
    this.#lines = new FatLines(4 * (CORNER_STEPS + 1) + 1, shared, ORDER);
    this.hide();
  }

  get object() {
    return this.#lines.object;
  }

  show({ x, y }: Bounds): void {
    const lines = this.#lines;
    const color = new Color(BALL_COLOR);
    lines.clear();
    const corners = 4 * (CORNER_STEPS + 1);
    for (let i = 0; i <= corners; i++) {
      const corner = Math.floor(i / (CORNER_STEPS + 1)) % 4;
      const step = i % (CORNER_STEPS + 1);
      const angle = (Math.PI / 2) * (corner + step / CORNER_STEPS);
      const towardsX = corner === 0 || corner === 3 ? x[1] - CORNER : x[0] + CORNER;
      const towardsY = corner < 2 ? y[1] - CORNER : y[0] + CORNER;
      lines.add(
        towardsX + CORNER * Math.cos(angle),
        towardsY + CORNER * Math.sin(angle),
        HEIGHT,
        i === corners ? 0 : WIDTH,
        color,
        OPACITY,
      );
    }
    lines.commit();
    lines.object.visible = true;
  }

  hide(): void {
    this.#lines.object.visible = false;
  }

  dispose(): void {
    this.#lines.dispose();
  }
}
