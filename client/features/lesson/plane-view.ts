import type { LiveField, LivePaths, Square } from '../../../policies/lesson/live.ts';
import type { Mixture, Point } from '../../../policies/lesson/mixture.ts';
import type { LiveKind } from '../../../policies/lesson/target.ts';
import {
  AXIS_COLOR,
  BALL_COLOR,
  cssColor,
  POLICY_ACCENTS,
  SURFACE_COLORS,
  TEXT_COLORS,
  thinColor,
} from '../../shared/colors.ts';
import { placesAt, placesBetween } from './ways.ts';

/** Everything that is drawn in a plane. */
export interface PlanePicture {
  readonly kind: LiveKind;
  readonly square: Square;
  /** Lengths as they are written at the axes, to one unit of the policies'. */
  readonly unit: number;
  readonly mixture: Mixture | null;
  readonly paths: LivePaths | null;
  readonly progress: number;
  readonly field: LiveField | null;
  readonly arrows: { readonly learnt: boolean; readonly best: boolean };
  /** Where a key would drop a point; null where none is shown. */
  readonly cursor: Point | null;
}

const GRID = thinColor(AXIS_COLOR, 0.13);
const AXIS = thinColor(AXIS_COLOR, 0.32);
const LABEL = cssColor(TEXT_COLORS['text-faint']);
const BEST = cssColor(TEXT_COLORS.text);
const TARGET = cssColor(BALL_COLOR);
const ACCENTS = {
  diffusion: cssColor(POLICY_ACCENTS.diffusion),
  flow: cssColor(POLICY_ACCENTS.flow),
};
/**
 * Thousands of short lines are nothing for a CPU, but where a browser only plays a GPU in software
 * each picture of them takes up to 0.8 s.
 */
const ON_CPU: CanvasRenderingContext2DSettings = { willReadFrequently: true };
/** The point whose way is followed. */
const FIRST = '#ffffff';
/** Room a number needs, CSS px. */
const EDGE = 24;
/** Smallest ring round the middle of a cloud, CSS px. */
const RING = 9;
/** Radius of a point, CSS px. */
const HEAD = 3.2;

/** Where a place of the plane is on a canvas of `size` × `size`, y upwards. */
export function toCanvas({ centre, half }: Square, size: number, [x, y]: Point): Point {
  const scale = size / (2 * half);
  return [(x - centre[0] + half) * scale, (centre[1] + half - y) * scale];
}

/** The reverse of `toCanvas`. */
export function toPlane({ centre, half }: Square, size: number, [x, y]: Point): Point {
  const scale = (2 * half) / size;
  return [x * scale + centre[0] - half, centre[1] + half - y * scale];
}

/**
 * Draws one plane again and again. What stays the same is kept: the ground with the data and the
 * arrows, and the ways so far, which only grow while the points advance.
 */
export class PlanePainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #ground = new Layer();
  readonly #trails = new Layer();
  #groundOf: readonly unknown[] = [];
  #trailsOf: readonly unknown[] = [];
  #drawnUntil = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  /** @param size of the plane, CSS px */
  paint(size: number, picture: PlanePicture): void {
    const pixels = Math.round(size * devicePixelRatio);
    if (this.#canvas.width !== pixels) {
      this.#canvas.width = pixels;
      this.#canvas.height = pixels;
    }
    const context = this.#canvas.getContext('2d', ON_CPU);
    if (!context) return;
    const { square, unit, mixture, field, arrows, paths, progress, cursor, kind } = picture;
    const groundOf = [pixels, square, unit, mixture, field, arrows.learnt, arrows.best];
    if (!same(groundOf, this.#groundOf)) {
      this.#groundOf = groundOf;
      drawGround(this.#ground.begin(pixels, size), size, picture);
    }
    const trailsOf = [pixels, square, paths];
    if (!same(trailsOf, this.#trailsOf) || progress < this.#drawnUntil) {
      this.#trailsOf = trailsOf;
      this.#trails.begin(pixels, size);
      this.#drawnUntil = 0;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, pixels, pixels);
    context.drawImage(this.#ground.canvas, 0, 0);
    if (paths) {
      if (progress > this.#drawnUntil) {
        const corners = placesBetween(paths, this.#drawnUntil, progress);
        drawTrails(this.#trails.context, size, picture, corners, trailAlpha(paths));
        this.#drawnUntil = progress;
      }
      context.drawImage(this.#trails.canvas, 0, 0);
    }
    context.setTransform(pixels / size, 0, 0, pixels / size, 0, 0);
    if (paths) drawHeads(context, size, square, placesAt(paths, progress), ACCENTS[kind]);
    if (cursor) drawCursor(context, toCanvas(square, size, cursor));
  }
}

/** A picture that is laid over others. */
class Layer {
  readonly canvas = document.createElement('canvas');
  readonly context: CanvasRenderingContext2D;

  constructor() {
    const context = this.canvas.getContext('2d', ON_CPU);
    if (!context) throw new Error('this browser has no 2D canvas');
    this.context = context;
  }

  /** Wipes it and scales it to CSS px. */
  begin(pixels: number, size: number): CanvasRenderingContext2D {
    this.canvas.width = pixels;
    this.canvas.height = pixels;
    this.context.scale(pixels / size, pixels / size);
    this.context.lineCap = 'round';
    this.context.lineJoin = 'round';
    return this.context;
  }
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function drawGround(context: CanvasRenderingContext2D, size: number, picture: PlanePicture): void {
  drawGrid(context, size, picture);
  if (picture.field) drawField(context, size, picture, picture.field);
  drawTarget(context, size, picture);
}

function drawGrid(
  context: CanvasRenderingContext2D,
  size: number,
  { square, unit }: PlanePicture,
): void {
  const step = unit === 1 ? 1 : 4 / unit;
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = LABEL;
  context.lineWidth = 1;
  const first = Math.ceil((square.centre[0] - square.half) / step);
  const last = Math.floor((square.centre[0] + square.half) / step);
  // Both axes show the same numbers: the squares lie on the diagonal.
  for (let i = first; i <= last; i++) {
    const [x, y] = toCanvas(square, size, [i * step, i * step]);
    context.strokeStyle = i === 0 ? AXIS : GRID;
    strokeLine(context, [Math.round(x) + 0.5, 0], [Math.round(x) + 0.5, size]);
    strokeLine(context, [0, Math.round(y) + 0.5], [size, Math.round(y) + 0.5]);
    // At the edges a number would be cut, and one would cover the other in the corner.
    if (x < EDGE || x > size - EDGE) continue;
    const label = String(Math.round(i * step * unit)).replace('-', '−');
    context.textAlign = 'center';
    context.fillText(label, x, size - 6);
    context.textAlign = 'left';
    context.fillText(label, 6, y + 4);
  }
}

/** The data: each cloud's middle, and its circles of 1 and 3 standard deviations. */
function drawTarget(
  context: CanvasRenderingContext2D,
  size: number,
  { mixture, square }: PlanePicture,
): void {
  if (!mixture) return;
  context.lineWidth = 1.25;
  for (const mean of mixture.means) {
    const [x, y] = toCanvas(square, size, mean);
    const deviation = (mixture.deviation * size) / (2 * square.half);
    context.strokeStyle = TARGET;
    for (const [radius, alpha] of [
      [deviation, 0.75],
      [Math.max(RING, 3 * deviation), 0.5],
    ]) {
      context.globalAlpha = alpha;
      strokeCircle(context, [x, y], radius);
    }
    context.globalAlpha = 1;
    context.fillStyle = TARGET;
    fillCircle(context, [x, y], 4.5);
  }
}

function drawField(
  context: CanvasRenderingContext2D,
  size: number,
  { kind, square, arrows }: PlanePicture,
  { places, learnt, best }: LiveField,
): void {
  const cell = size / Math.sqrt(places.length / 2);
  const scale = arrowScale(best, Math.min(cell, size / 12));
  if (arrows.best) {
    context.strokeStyle = BEST;
    context.globalAlpha = arrows.learnt ? 0.5 : 0.75;
    context.lineWidth = arrows.learnt ? 3.2 : 1.4;
    strokeArrows(context, size, square, places, best, scale);
  }
  if (arrows.learnt) {
    context.strokeStyle = ACCENTS[kind];
    context.globalAlpha = 0.8;
    context.lineWidth = 1.3;
    strokeArrows(context, size, square, places, learnt, scale);
  }
  context.globalAlpha = 1;
}

/** Canvas px a unit of length, so that all but the longest arrows stay within their cells. */
function arrowScale(vectors: Float32Array, room: number): number {
  const lengths = Array.from({ length: vectors.length / 2 }, (_, i) =>
    Math.hypot(vectors[2 * i], vectors[2 * i + 1]),
  ).sort((a, b) => a - b);
  return room / Math.max(1e-6, lengths[Math.floor(0.9 * (lengths.length - 1))]);
}

function strokeArrows(
  context: CanvasRenderingContext2D,
  size: number,
  square: Square,
  places: Float32Array,
  vectors: Float32Array,
  scale: number,
): void {
  context.beginPath();
  for (let i = 0; i < places.length; i += 2) {
    const [x, y] = toCanvas(square, size, [places[i], places[i + 1]]);
    const [dx, dy] = [scale * vectors[i], -scale * vectors[i + 1]];
    const [ex, ey] = [x + dx, y + dy];
    context.moveTo(x, y);
    context.lineTo(ex, ey);
    context.moveTo(ex - 0.28 * dx + 0.16 * dy, ey - 0.28 * dy - 0.16 * dx);
    context.lineTo(ex, ey);
    context.lineTo(ex - 0.28 * dx - 0.16 * dy, ey - 0.28 * dy + 0.16 * dx);
  }
  context.stroke();
}

/** @param corners of all ways, moment by moment */
function drawTrails(
  context: CanvasRenderingContext2D,
  size: number,
  { kind, square }: PlanePicture,
  corners: readonly Float32Array[],
  alpha: number,
): void {
  const count = corners[0].length / 2;
  context.strokeStyle = ACCENTS[kind];
  const trace = (point: number) => {
    corners.forEach((places, i) => {
      const [x, y] = toCanvas(square, size, [places[2 * point], places[2 * point + 1]]);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
  };
  context.lineWidth = 1;
  context.globalAlpha = alpha;
  context.beginPath();
  for (let point = 1; point < count; point++) trace(point);
  context.stroke();
  // One way is followed by the eye: in both planes it starts from the same noise.
  context.lineWidth = 1.8;
  context.globalAlpha = 1;
  context.beginPath();
  trace(0);
  context.stroke();
}

/** The more lines cross, the fainter each is. */
function trailAlpha({ stations, count }: LivePaths): number {
  return Math.min(0.5, Math.max(0.07, 150 / (stations.length / 2 + count)));
}

function drawHeads(
  context: CanvasRenderingContext2D,
  size: number,
  square: Square,
  places: Float32Array,
  color: string,
): void {
  context.fillStyle = color;
  context.strokeStyle = cssColor(SURFACE_COLORS.ground);
  context.lineWidth = 1;
  context.beginPath();
  for (let i = 2; i < places.length; i += 2) {
    const [x, y] = toCanvas(square, size, [places[i], places[i + 1]]);
    context.moveTo(x + HEAD, y);
    context.arc(x, y, HEAD, 0, 2 * Math.PI);
  }
  context.fill();
  context.stroke();
  context.fillStyle = FIRST;
  const first = toCanvas(square, size, [places[0], places[1]]);
  fillCircle(context, first, HEAD + 1.3);
  context.stroke();
}

function drawCursor(context: CanvasRenderingContext2D, [x, y]: Point): void {
  context.strokeStyle = BEST;
  context.lineWidth = 1.5;
  strokeCircle(context, [x, y], 9);
  strokeLine(context, [x - 14, y], [x - 5, y]);
  strokeLine(context, [x + 5, y], [x + 14, y]);
  strokeLine(context, [x, y - 14], [x, y - 5]);
  strokeLine(context, [x, y + 5], [x, y + 14]);
}

function strokeLine(context: CanvasRenderingContext2D, from: Point, to: Point): void {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

function strokeCircle(context: CanvasRenderingContext2D, [x, y]: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

function fillCircle(context: CanvasRenderingContext2D, [x, y]: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
