import { FRONT_CAMERA, frontCamera } from '../../sim/camera/index.ts';
import type { Demonstration } from '../demonstration.ts';
import { windowImages } from '../windows.ts';
import { encodePng } from './png.ts';
import { computeStatistics, type FeatureStatistics } from './statistics.ts';

/** Column of the pictures. */
export const PICTURES = `observation.images.${FRONT_CAMERA.name}`;

/** Every so many frames and pixels count towards the statistics; neighbours are alike. */
const FRAME_STRIDE = 5;
const PIXEL_STRIDE = 4;

/** What the camera saw before each step, rendered from the frames, [T, size, size, 3]. */
export function picturesOf(demonstration: Demonstration, size: number): Uint8Array {
  const all = Array.from({ length: demonstration.length }, (_, t) => t);
  return windowImages(demonstration, frontCamera(size), all);
}

/** Rows of an image column as Hugging Face's `datasets` has them: a PNG file and its name. */
export function pictureRows(
  demonstration: Demonstration,
  size: number,
): { bytes: Uint8Array; path: string }[] {
  const pictures = picturesOf(demonstration, size);
  const length = 3 * size * size;
  return Array.from({ length: demonstration.length }, (_, t) => ({
    bytes: encodePng(pictures.subarray(t * length, (t + 1) * length), size),
    path: `frame-${String(t).padStart(6, '0')}.png`,
  }));
}

/** Of each colour channel in 0 … 1, over a sample of the pixels; counts frames. */
export function pictureStatistics(demonstration: Demonstration, size: number): FeatureStatistics {
  const pictures = picturesOf(demonstration, size);
  const perFrame = 3 * size * size;
  const sample: number[] = [];
  for (let t = 0; t < demonstration.length; t += FRAME_STRIDE) {
    for (let i = 0; i < perFrame; i += 3 * PIXEL_STRIDE) {
      for (let k = 0; k < 3; k++) sample.push(pictures[t * perFrame + i + k] / 255);
    }
  }
  return { ...computeStatistics(sample, 3), count: demonstration.length };
}
