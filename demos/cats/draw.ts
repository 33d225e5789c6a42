import { lowerShare, starLight } from './background.ts';
import { Canvas } from './canvas.ts';
import type { Background, Cat } from './cat.ts';
import { layersOf } from './layers.ts';

/** Pixels along an edge of a picture. Smaller ones are the means of the largest's pixels. */
export const PICTURE_SIZES = [64, 32, 16] as const;
export type PictureSize = (typeof PICTURE_SIZES)[number];
const LARGEST = PICTURE_SIZES[0];

/**
 * A picture of a cat: the same bits on every machine.
 *
 * @returns f32 [size, size, 3] in −1 … 1, rows from the top, red, green, blue
 */
export function drawCat(cat: Cat, size: PictureSize = LARGEST): Float32Array {
  const canvas = new Canvas(LARGEST);
  for (const layer of layersOf(cat)) canvas.paint(layer);
  layBehind(canvas, cat.background);
  return shrink(canvas.colour, LARGEST / size);
}

/** Puts the background behind what is painted. */
function layBehind({ size, colour, through }: Canvas, background: Background): void {
  const { upper, lower, place } = background;
  const pixel = 2 / size;
  for (let row = 0; row < size; row++) {
    const y = (row + 0.5) * pixel - 1;
    for (let column = 0; column < size; column++) {
      const at = row * size + column;
      const shown = through[at];
      if (shown === 0) continue;
      const x = (column + 0.5) * pixel - 1;
      const low = lowerShare(background, x, y, pixel);
      const star = place === 'space' ? (1 - low) * starLight(x, y, pixel) : 0;
      for (let k = 0; k < 3; k++) {
        const behind = upper[k] + (lower[k] - upper[k]) * low;
        colour[3 * at + k] += shown * (behind + (1 - behind) * star);
      }
    }
  }
}

/** Means of blocks of pixels, from 0 … 1 to −1 … 1. */
function shrink(colour: Float64Array, factor: number): Float32Array {
  const size = LARGEST / factor;
  const sums = new Float64Array(3 * size * size);
  for (let row = 0; row < LARGEST; row++) {
    const line = Math.floor(row / factor) * size;
    for (let column = 0; column < LARGEST; column++) {
      const from = 3 * (row * LARGEST + column);
      const to = 3 * (line + Math.floor(column / factor));
      sums[to] += colour[from];
      sums[to + 1] += colour[from + 1];
      sums[to + 2] += colour[from + 2];
    }
  }
  const scale = 2 / (factor * factor);
  const state = new Float32Array(sums.length);
  for (let i = 0; i < state.length; i++) state[i] = sums[i] * scale - 1;
  return state;
}
