import type { Cat } from '../cat.ts';
import type { Part } from '../layer.ts';
import { layersOf } from '../layers.ts';
import type { Backdrop } from './backdrop.ts';
import { before, figureOf, figureOfLayers } from './figure.ts';
import type { Picture } from './picture.ts';

/** How well a cat explains a picture. */
export interface Evidence {
  /** Root of the mean square of what is left unexplained, all pixels, colours in 0 … 1. */
  readonly error: number;
  /** The share of the cat's contrast to its background that it explains. 1 is all, 0 is none. */
  readonly explained: number;
  /** The same of the part of the cat where it is least, of nine. */
  readonly worstPart: number;
  /**
   * How far each part of the cat is there: 1 wholly, 0 not at all; a mean with a cat that lacks it,
   * one half.
   */
  readonly presence: Readonly<Partial<Record<Part, number>>>;
  /** Largest mean difference of colour over the pixels of a part but the eyes, in 0 … 1. */
  readonly tint: number;
}

const PARTS: readonly Part[] = ['body', 'suit', 'ears', 'head', 'face', 'eyes', 'helmet', 'hat'];
/** Contrast below which a third of a third says nothing, squares over its pixels. */
const LEAST_CONTRAST = 1.5;

/** @param finer pixels that one is drawn from, along an edge */
export function weigh(picture: Picture, cat: Cat, backdrop: Backdrop, finer: number): Evidence {
  const { size, rgb } = picture;
  const figure = figureOf(cat, size, finer);
  const drawn = before(figure, backdrop.rgb);
  let left = 0;
  for (let i = 0; i < rgb.length; i++) left += (rgb[i] - drawn[i]) ** 2;
  const { explained, worstPart } = shares(picture, drawn, backdrop.rgb, cat);
  const layers = layersOf(cat);
  const presence: Partial<Record<Part, number>> = {};
  let tint = 0;
  for (const part of PARTS) {
    if (!layers.some((layer) => layer.part === part)) continue;
    const others = layers.filter((layer) => layer.part !== part);
    const without = before(figureOfLayers(others, size, finer), backdrop.rgb);
    let [along, whole, pixels] = [0, 0, 0];
    const off = [0, 0, 0];
    for (let i = 0; i < rgb.length; i++) {
      const step = drawn[i] - without[i];
      along += step * (rgb[i] - without[i]);
      whole += step * step;
    }
    for (let pixel = 0; pixel < size * size; pixel++) {
      const at = 3 * pixel;
      const changed = [0, 1, 2].some((k) => Math.abs(drawn[at + k] - without[at + k]) > 0.02);
      if (!changed) continue;
      pixels++;
      for (let k = 0; k < 3; k++) off[k] += rgb[at + k] - drawn[at + k];
    }
    presence[part] = whole > 0 ? along / whole : 1;
    // A few pixels' mean is noise.
    const tints = off.map((sum) => Math.abs(sum) / Math.max(1, pixels));
    if (part !== 'eyes' && pixels >= size / 4) tint = Math.max(tint, ...tints);
  }
  return { error: Math.sqrt(left / rgb.length), explained, worstPart, presence, tint };
}

/** What is explained of the contrast to the background, in all and in each of nine parts of the cat. */
function shares(
  { size, rgb }: Picture,
  drawn: Float64Array,
  background: Float64Array,
  cat: Cat,
): { explained: number; worstPart: number } {
  const contrast = new Float64Array(9);
  const left = new Float64Array(9);
  const pixel = 2 / size;
  const third = (value: number) => Math.min(2, Math.max(0, Math.floor(1.5 * (value + 1))));
  for (let row = 0; row < size; row++) {
    const down = third(((row + 0.5) * pixel - 1 - cat.y) / (2.3 * cat.size));
    for (let column = 0; column < size; column++) {
      const right = third(((column + 0.5) * pixel - 1 - cat.x) / (1.5 * cat.size));
      const part = 3 * down + right;
      for (let k = 0; k < 3; k++) {
        const i = 3 * (row * size + column) + k;
        contrast[part] += (drawn[i] - background[i]) ** 2;
        left[part] += (rgb[i] - drawn[i]) ** 2;
      }
    }
  }
  const least = LEAST_CONTRAST * (size / 64) * (size / 64);
  const share = (a: number, b: number) => 1 - a / Math.max(b, least);
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  return {
    explained: share(sum(left), sum(contrast)),
    worstPart: Math.min(
      ...Array.from(left, (value, part) =>
        contrast[part] > least ? share(value, contrast[part]) : 1,
      ),
    ),
  };
}
