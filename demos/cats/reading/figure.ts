import { Canvas } from '../canvas.ts';
import type { Cat } from '../cat.ts';
import type { Layer, Part } from '../layer.ts';
import { layersOf } from '../layers.ts';
import { meansOf } from './picture.ts';

/** A cat without anything behind it. */
export interface Figure {
  readonly size: number;
  /** Colour times opacity, [size, size, 3]. */
  readonly colour: Float64Array;
  /** What shows of the background, [size, size]. */
  readonly through: Float64Array;
}

/**
 * @param finer pixels that one is the mean of, along an edge: what is thinner than a pixel needs them
 */
export function figureOf(cat: Cat, size: number, finer: number): Figure {
  return figureOfLayers(layersOf(cat), size, finer);
}

export function figureOfLayers(layers: readonly Layer[], size: number, finer: number): Figure {
  const canvas = new Canvas(size * finer);
  for (const layer of layers) canvas.paint(layer);
  const { colour, through } = canvas;
  if (finer === 1) return { size, colour, through };
  return {
    size,
    colour: meansOf(colour, size * finer, finer, 3),
    through: meansOf(through, size * finer, finer, 1),
  };
}

/** Lays the figure over a background, [size, size, 3]. */
export function before(
  { colour, through }: Figure,
  background: Float64Array,
  out = new Float64Array(colour.length),
): Float64Array {
  for (let pixel = 0; pixel < through.length; pixel++) {
    const at = 3 * pixel;
    out[at] = colour[at] + through[pixel] * background[at];
    out[at + 1] = colour[at + 1] + through[pixel] * background[at + 1];
    out[at + 2] = colour[at + 2] + through[pixel] * background[at + 2];
  }
  return out;
}

/**
 * Where one sees parts of a cat.
 *
 * @returns [size, size]: the share of each pixel that shows them
 */
export function regionOf(cat: Cat, parts: readonly Part[], size: number): Float64Array {
  const marked = layersOf(cat).map(({ edge, ...layer }): Layer => {
    const colour = parts.includes(layer.part) ? WHITE : BLACK;
    return { ...layer, colour, ...(edge && { edge: colour }) };
  });
  const { colour } = figureOfLayers(marked, size, FINEST / size);
  return Float64Array.from({ length: size * size }, (_, pixel) => colour[3 * pixel]);
}

const FINEST = 64;
const WHITE = [1, 1, 1] as const;
const BLACK = [0, 0, 0] as const;
