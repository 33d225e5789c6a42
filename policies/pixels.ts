/** Numbers of a pixel: red, green, blue. */
export const COLOURS = 3;

/** Half of a byte's range: a pixel at 0 is −1, at 255 it is 1. */
export const HALF = 127.5;

/** Brings bytes of pixels to ±1, the range of all a network sees. */
export function toPixels(bytes: Uint8Array, out: Float32Array, offset = 0): Float32Array {
  for (let i = 0; i < bytes.length; i++) out[offset + i] = bytes[i] / HALF - 1;
  return out;
}

/** And back; what lies beyond ±1 becomes the nearest byte. */
export function fromPixels(values: Float32Array): Uint8Array {
  return Uint8Array.from(Uint8ClampedArray.from(values, (value) => (value + 1) * HALF));
}
