import { type Cat, feetOf, type Rgb } from './cat.ts';
import { COATS } from './fur.ts';
import type { Layer } from './layer.ts';
import { circle, ellipse, polygon, type Shape, stroke } from './shapes.ts';

const SUIT: Rgb = [0.9, 0.92, 0.95];
const SUIT_LINE: Rgb = [0.3, 0.33, 0.42];
const SUIT_SHADE: Rgb = [0.72, 0.76, 0.83];
const BADGE: Rgb = [0.93, 0.45, 0.2];
const SCREEN: Rgb = [0.25, 0.72, 0.85];

type Built = Pick<Cat, 'x' | 'y' | 'size' | 'pose' | 'mirrored' | 'helmet' | 'colour'>;

/** Shadow, tail, trunk, paws; an astronaut's are in a suit, but for the tail. */
export function bodyLayers(cat: Built): Layer[] {
  const { x, y, size: r, pose, mirrored, helmet } = cat;
  const side = mirrored ? -1 : 1;
  const at = (dx: number, dy: number): readonly [number, number] => [x + side * dx * r, y + dy * r];
  const coat = COATS[cat.colour];
  const isLoaf = pose === 'loaf';
  const foot = feetOf(cat);
  const tail = isLoaf
    ? [at(0.9, 1.65), at(1.35, 1.8), at(1.7, 1.62), at(1.72, 1.3)]
    : [at(0.6, 1.95), at(1.15, 2.05), at(1.5, 1.8), at(1.55, 1.4), at(1.4, 1.1)];
  const trunk = isLoaf
    ? ellipse(x, y + 1.25 * r, 1.22 * r, 0.72 * r)
    : ellipse(x, y + 1.38 * r, 0.86 * r, 0.9 * r);
  const paws: Shape[] = isLoaf
    ? [-0.42, 0.42].map((dx) => ellipse(x + dx * r, y + 1.8 * r, 0.32 * r, 0.19 * r))
    : [-0.36, 0.36].map((dx) => ellipse(x + dx * r, y + 2.08 * r, 0.31 * r, 0.21 * r));

  const layers: Layer[] = [
    {
      part: 'body',
      shape: ellipse(x, foot, 1.25 * r, 0.16 * r),
      colour: [0.15, 0.1, 0.2],
      opacity: 0.3,
    },
  ];
  const cloth = helmet ? 'suit' : 'body';
  const line = helmet ? SUIT_LINE : coat.line;
  const outlined = (shape: Shape, colour: Rgb, part: Layer['part'], edge: Rgb) =>
    layers.push({ part, shape, colour, edge });

  outlined(stroke(tail, 0.3 * r), coat.fur, 'body', coat.line);
  layers.push({
    part: 'body',
    shape: stroke(tail.slice(-2), 0.3 * r),
    colour: helmet || cat.colour === 'white' ? coat.dark : coat.light,
  });
  outlined(trunk, helmet ? SUIT : coat.fur, cloth, line);
  if (helmet) layers.push(...suitLayers(cat, isLoaf ? 1.35 : 1.5));
  else {
    layers.push({
      part: 'body',
      shape: ellipse(x, y + (isLoaf ? 1.2 : 1.33) * r, 0.48 * r, (isLoaf ? 0.4 : 0.62) * r),
      colour: coat.light,
    });
  }
  for (const paw of paws) outlined(paw, helmet ? SUIT : coat.fur, cloth, line);
  if (pose === 'waving') {
    const arm = stroke([at(-0.62, 1.3), at(-1.12, 1.15), at(-1.36, 0.75)], 0.34 * r);
    outlined(arm, helmet ? SUIT : coat.fur, cloth, line);
    const [px, py] = at(-1.37, 0.72);
    layers.push({
      part: cloth,
      shape: circle(px, py, 0.13 * r),
      colour: helmet ? SUIT_SHADE : coat.light,
    });
  }
  return layers;
}

function suitLayers({ x, y, size: r }: Built, centre: number): Layer[] {
  const panel = (dx: number, dy: number, w: number, h: number) => {
    const left = x + (dx - w) * r;
    const right = x + (dx + w) * r;
    const top = y + (centre + dy - h) * r;
    const bottom = y + (centre + dy + h) * r;
    return polygon([
      [left, top],
      [right, top],
      [right, bottom],
      [left, bottom],
    ]);
  };
  return [
    { part: 'suit', shape: panel(0, 0, 0.42, 0.22), colour: SUIT_SHADE },
    { part: 'suit', shape: panel(-0.2, 0, 0.13, 0.11), colour: SCREEN },
    { part: 'suit', shape: circle(x + 0.2 * r, y + centre * r, 0.12 * r), colour: BADGE },
  ];
}
