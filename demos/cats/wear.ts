import { cos, sin } from '../../sim/math/trig.ts';
import type { Cat, Rgb } from './cat.ts';
import type { Layer, Part } from './layer.ts';
import { circle, ellipse, polygon, rim, type Shape, stroke, turned, within } from './shapes.ts';

const GLASS: Rgb = [0.8, 0.92, 1];
const RIM: Rgb = [0.96, 0.97, 1];
const METAL: Rgb = [0.62, 0.68, 0.78];
const METAL_LINE: Rgb = [0.28, 0.32, 0.42];
const FELT: Rgb = [0.2, 0.17, 0.22];
const FELT_LINE: Rgb = [0.05, 0.03, 0.06];
const BAND: Rgb = [0.86, 0.2, 0.3];
const PAPER: Rgb = [0.98, 0.36, 0.62];
const PAPER_LINE: Rgb = [0.45, 0.08, 0.3];
const DOTS: Rgb = [1, 0.9, 0.35];
const VELVET: Rgb = [0.5, 0.22, 0.78];
const VELVET_LINE: Rgb = [0.2, 0.07, 0.36];
const GOLD: Rgb = [1, 0.84, 0.3];

/** Radius of the helmet's glass, in heads. */
const GLASS_RADIUS = 1.44;
/** How far above the middle of the head a hat sits, in heads: on the head, or on the helmet. */
const ON_HEAD = 0.72;
const ON_HELMET = 1.42;

/** A glass ball with a collar; it does not turn with the head. */
export function helmetLayers({
  x,
  y,
  size: r,
  helmet,
}: Pick<Cat, 'x' | 'y' | 'size' | 'helmet'>): Layer[] {
  if (!helmet) return [];
  const part: Part = 'helmet';
  const cy = y - 0.08 * r;
  const glass = circle(x, cy, GLASS_RADIUS * r);
  const collar = stroke(
    [
      [x - 0.72 * r, y + 1.22 * r],
      [x + 0.72 * r, y + 1.22 * r],
    ],
    0.3 * r,
  );
  const shine = stroke(
    [
      [x - 1.12 * r, cy - 0.18 * r],
      [x - 1.02 * r, cy - 0.52 * r],
      [x - 0.8 * r, cy - 0.84 * r],
    ],
    0.16 * r,
  );
  return [
    { part, shape: glass, colour: GLASS, opacity: 0.16 },
    { part, shape: collar, colour: METAL, edge: METAL_LINE },
    { part, shape: rim(glass, 0.18 * r), colour: METAL_LINE, opacity: 0.85 },
    { part, shape: rim(glass, 0.11 * r), colour: RIM },
    { part, shape: shine, colour: RIM, opacity: 0.9 },
  ];
}

/** It leans with the head, also from on top of a helmet. */
export function hatLayers(cat: Pick<Cat, 'x' | 'y' | 'size' | 'tilt' | 'hat' | 'helmet'>): Layer[] {
  const { x, y, size: r, tilt, hat, helmet } = cat;
  if (hat === 'none') return [];
  const s = sin(tilt);
  const c = cos(tilt);
  const base = helmet ? ON_HELMET : ON_HEAD;
  const at: At = (dx, dy) => [x + dx * r, y - (base + dy) * r];
  const layers: Layer[] = [];
  const add: Add = (shape, colour, edge) => {
    layers.push({ part: 'hat', shape: turned(shape, x, y, s, c), colour, ...(edge && { edge }) });
  };
  HATS_DRAWN[hat](add, at, r);
  return layers;
}

type At = (dx: number, dy: number) => readonly [number, number];
type Add = (shape: Shape, colour: Rgb, edge?: Rgb) => void;

const HATS_DRAWN: Readonly<
  Record<Exclude<Cat['hat'], 'none'>, (add: Add, at: At, r: number) => void>
> = {
  top(add, at, r) {
    const crown = polygon([at(-0.56, 0.8), at(0.56, 0.8), at(0.48, 0), at(-0.48, 0)]);
    add(crown, FELT, FELT_LINE);
    add(polygon([at(-0.5, 0.3), at(0.5, 0.3), at(0.48, 0.06), at(-0.48, 0.06)]), BAND);
    add(stroke([at(-0.82, 0), at(0.82, 0)], 0.16 * r), FELT, FELT_LINE);
  },
  party(add, at, r) {
    const cone = polygon([at(0, 0.88), at(0.5, -0.08), at(-0.5, -0.08)]);
    add(cone, PAPER, PAPER_LINE);
    for (const [dx, dy] of [
      [-0.22, 0.1],
      [0.2, 0.22],
      [-0.04, 0.5],
    ] as const) {
      const [cx, cy] = at(dx, dy);
      add(within(circle(cx, cy, 0.13 * r), cone), DOTS);
    }
    const [cx, cy] = at(0, 0.86);
    add(circle(cx, cy, 0.18 * r), DOTS, PAPER_LINE);
  },
  wizard(add, at, r) {
    const cone = polygon([at(0.14, 0.98), at(0.6, 0), at(-0.6, 0)], 0.03 * r);
    add(cone, VELVET, VELVET_LINE);
    const [sx, sy] = at(0.02, 0.46);
    add(
      polygon([
        [sx, sy - 0.19 * r],
        [sx + 0.15 * r, sy],
        [sx, sy + 0.19 * r],
        [sx - 0.15 * r, sy],
      ]),
      GOLD,
    );
    const [bx, by] = at(0, -0.02);
    add(ellipse(bx, by, 1.1 * r, 0.17 * r), VELVET, VELVET_LINE);
    add(stroke([at(-0.56, 0.13), at(0.56, 0.13)], 0.13 * r), GOLD);
  },
};
