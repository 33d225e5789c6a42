import { cos, sin } from '../../sim/math/trig.ts';
import type { Cat, EyeColour, Rgb } from './cat.ts';
import { COATS } from './fur.ts';
import type { Layer, Part } from './layer.ts';
import { circle, ellipse, grow, polygon, type Shape, stroke, turned } from './shapes.ts';

const PINK: Rgb = [0.97, 0.62, 0.64];
const NOSE: Rgb = [0.93, 0.42, 0.48];
const PUPIL: Rgb = [0.06, 0.05, 0.09];
const GLINT: Rgb = [1, 1, 1];
const EYES: Readonly<Record<EyeColour, Rgb>> = {
  yellow: [0.99, 0.86, 0.35],
  green: [0.66, 0.9, 0.45],
  blue: [0.55, 0.86, 0.97],
};

/** What the head of a cat depends on. */
type Headed = Pick<Cat, 'x' | 'y' | 'size' | 'tilt' | 'colour'>;

/** Ears, head, stripes, muzzle and whiskers, turned about the middle of the head. */
export function headLayers(cat: Headed): Layer[] {
  const { x, y, size: r } = cat;
  const coat = COATS[cat.colour];
  const { layers, add, at } = turnedWith(cat);

  for (const side of [-1, 1]) {
    const ear = ears(side, at, r);
    add('ears', ear.outer, coat.fur, coat.line);
    add('ears', ear.inner, PINK);
  }
  const skull = ellipse(x, y, 1.1 * r, 0.92 * r);
  add('head', skull, coat.fur, coat.line);
  for (const dx of [-0.2, 0, 0.2]) {
    const length = dx === 0 ? 0.34 : 0.24;
    add('head', stroke([at(dx, -0.86), at(dx * 0.9, -0.86 + length)], 0.11 * r), coat.dark);
  }

  add('face', ellipse(x, y + 0.47 * r, 0.5 * r, 0.36 * r), coat.light);
  for (const side of [-1, 1]) {
    add('face', stroke([at(side * 0.62, 0.4), at(side * 1.3, 0.3)], 0.05 * r), coat.line);
    add('face', stroke([at(side * 0.62, 0.54), at(side * 1.26, 0.62)], 0.05 * r), coat.line);
    const mouth = [at(0, 0.48), at(side * 0.09, 0.6), at(side * 0.24, 0.57)];
    add('face', stroke(mouth, 0.07 * r), coat.line);
  }
  const nose = [at(-0.15, 0.28), at(0.15, 0.28), at(0, 0.44)];
  add('face', polygon(nose, 0.03 * r), NOSE);
  return layers;
}

type Add = (part: Part, shape: Shape, colour: Rgb, edge?: Rgb) => void;
type At = (dx: number, dy: number) => readonly [number, number];

/** Layers that lean with the head, and places on it before it leans, in heads from its middle. */
function turnedWith({ x, y, size: r, tilt }: Headed): { layers: Layer[]; add: Add; at: At } {
  const s = sin(tilt);
  const c = cos(tilt);
  const layers: Layer[] = [];
  return {
    layers,
    add: (part, shape, colour, edge) =>
      layers.push({ part, shape: turned(shape, x, y, s, c), colour, ...(edge && { edge }) }),
    at: (dx, dy) => [x + dx * r, y + dy * r],
  };
}

function ears(side: number, at: At, r: number): { outer: Shape; inner: Shape } {
  const corners = (inset: number): (readonly [number, number])[] => {
    const left = at(side * (0.98 - 0.6 * inset), -0.3);
    const tip = at(side * (0.88 - 0.12 * inset), -1.32 + 1.1 * inset);
    const right = at(side * (0.2 + inset), -0.72);
    return side > 0 ? [right, tip, left] : [left, tip, right];
  };
  return { outer: polygon(corners(0), 0.04 * r), inner: polygon(corners(0.17), 0.02 * r) };
}

/** They lie on the head and lean with it. */
export function eyeLayers(cat: Headed & Pick<Cat, 'eyes' | 'eyeColour' | 'look'>): Layer[] {
  const { x, y, size: r, eyes: shape, eyeColour, look, colour } = cat;
  const coat = COATS[colour];
  const { layers, add, at } = turnedWith(cat);
  for (const side of [-1, 1]) {
    const cx = x + side * 0.47 * r;
    const cy = y - 0.06 * r;
    if (shape === 'happy') {
      const lid = [
        at(side * 0.47 - 0.27, 0.06),
        at(side * 0.47 - 0.14, -0.12),
        at(side * 0.47 + 0.14, -0.12),
        at(side * 0.47 + 0.27, 0.06),
      ];
      add('eyes', stroke(lid, 0.13 * r), colour === 'black' ? EYES[eyeColour] : coat.line);
      continue;
    }
    const white = ellipse(cx, cy, 0.28 * r, 0.3 * r);
    add('eyes', grow(white, 0.05 * r), coat.line);
    add('eyes', white, EYES[eyeColour]);
    add('eyes', ellipse(cx + look * 0.28 * r, cy + 0.01 * r, 0.14 * r, 0.24 * r), PUPIL);
    add('eyes', circle(cx + look * 0.28 * r + 0.07 * r, cy - 0.1 * r, 0.07 * r), GLINT);
  }
  return layers;
}
