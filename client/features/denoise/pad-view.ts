import { cssColor } from '../../shared/colors.ts';
import {
  boundaryOf,
  CELLS,
  type NoiseMap,
  type NoisePoint,
  nearestRow,
  SPAN,
} from './noise-map.ts';
import { colorOf } from './noised-scene.ts';

/** What is drawn of the plane of a plan's noise. */
export interface PadPicture {
  readonly task: string;
  readonly map: NoiseMap;
  readonly home: NoisePoint | null;
  readonly handle: NoisePoint | null;
  readonly flip: NoisePoint | null;
  /** Of the handle, sRGB hex. */
  readonly color: number | null;
}

/** Where a point of the plane lies, as shares of the pad from its upper left corner; at its edge beyond. */
export function placeOf([u, v]: NoisePoint): readonly [x: number, y: number] {
  const share = (x: number) => Math.min(1, Math.max(0, (SPAN - x) / (2 * SPAN)));
  return [share(u), share(v)];
}

/** The point of the plane at such shares. */
export function pointAt(x: number, y: number): NoisePoint {
  return [SPAN * (1 - 2 * x), SPAN * (1 - 2 * y)];
}

/** @param side of the canvas, device px */
export function paintPad(
  context: CanvasRenderingContext2D,
  side: number,
  picture: PadPicture,
): void {
  const { task, map, home, handle, flip, color } = picture;
  const cell = side / CELLS;
  context.clearRect(0, 0, side, side);
  for (let row = 0; row < CELLS; row++) {
    const from = nearestRow(map, row);
    if (from === null) continue;
    for (let column = 0; column < CELLS; column++) {
      const mode = map.modes[from * CELLS + column];
      if (mode === null) continue;
      context.globalAlpha = from === row ? 0.62 : 0.3;
      context.fillStyle = cssColor(colorOf(task, mode));
      // Whole pixels: translucent cells that overlap or gape would show.
      const [left, top] = [Math.round(column * cell), Math.round(row * cell)];
      const [right, bottom] = [Math.round((column + 1) * cell), Math.round((row + 1) * cell)];
      context.fillRect(left, top, right - left, bottom - top);
    }
  }
  context.globalAlpha = 1;
  context.strokeStyle = '#ffffff';
  context.lineWidth = side / 110;
  context.lineCap = 'round';
  context.beginPath();
  for (const [x1, y1, x2, y2] of boundaryOf(map)) {
    context.moveTo(x1 * cell, y1 * cell);
    context.lineTo(x2 * cell, y2 * cell);
  }
  context.stroke();
  drawAxes(context, side);
  if (home) drawRing(context, side, home, '#ffffff');
  if (flip) drawCross(context, side, flip);
  if (handle) drawHandle(context, side, handle, color);
}

/** Where both coordinates are 0: the commonest noise. */
function drawAxes(context: CanvasRenderingContext2D, side: number): void {
  context.strokeStyle = 'rgb(255 255 255 / 22%)';
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(side / 2, 0);
  context.lineTo(side / 2, side);
  context.moveTo(0, side / 2);
  context.lineTo(side, side / 2);
  context.stroke();
}

function drawRing(
  context: CanvasRenderingContext2D,
  side: number,
  point: NoisePoint,
  color: string,
): void {
  const [x, y] = placeOf(point);
  context.strokeStyle = color;
  context.lineWidth = side / 100;
  context.beginPath();
  context.arc(x * side, y * side, side / 24, 0, 2 * Math.PI);
  context.stroke();
}

function drawCross(context: CanvasRenderingContext2D, side: number, point: NoisePoint): void {
  const [x, y] = placeOf(point).map((share) => share * side);
  const arm = side / 36;
  for (const [width, color] of [
    [side / 45, '#07090d'],
    [side / 90, '#ffffff'],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x - arm, y + arm);
    context.lineTo(x + arm, y - arm);
    context.stroke();
  }
}

function drawHandle(
  context: CanvasRenderingContext2D,
  side: number,
  point: NoisePoint,
  color: number | null,
): void {
  const [x, y] = placeOf(point);
  context.fillStyle = color === null ? '#8592a5' : cssColor(color);
  context.strokeStyle = '#ffffff';
  context.lineWidth = side / 90;
  context.beginPath();
  context.arc(x * side, y * side, side / 38, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
}
