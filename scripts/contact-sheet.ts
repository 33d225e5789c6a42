import { encodePng } from '../demos/store/png.ts';
import { fromPixels } from '../policies/pixels.ts';

/** Pictures [count, size, size, 3] in ±1, side by side in a square, as PNG; white where there is none. */
export function contactSheet(pictures: Float32Array, size: number, count: number): Uint8Array {
  const across = Math.ceil(Math.sqrt(count));
  const width = across * size;
  const rgb = new Uint8Array(3 * width * width).fill(255);
  const row = 3 * size;
  for (let i = 0; i < count; i++) {
    const left = 3 * size * (i % across);
    const top = size * Math.floor(i / across);
    const pixels = fromPixels(pictures.subarray(i * size * row, (i + 1) * size * row));
    for (let y = 0; y < size; y++) {
      rgb.set(pixels.subarray(y * row, (y + 1) * row), 3 * width * (top + y) + left);
    }
  }
  return encodePng(rgb, width);
}

/** The squares of a sheet of this size, without those that are white throughout. */
export function cutSheet(
  { width, height, rgb }: { width: number; height: number; rgb: Uint8Array },
  size: number,
): Uint8Array[] {
  const cells: Uint8Array[] = [];
  for (let top = 0; top < height; top += size) {
    for (let left = 0; left < width; left += size) {
      const cell = new Uint8Array(3 * size * size);
      for (let y = 0; y < size; y++) {
        const from = 3 * ((top + y) * width + left);
        cell.set(rgb.subarray(from, from + 3 * size), 3 * size * y);
      }
      if (cell.some((byte) => byte < 255)) cells.push(cell);
    }
  }
  return cells;
}
