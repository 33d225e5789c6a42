/** Files as they travel from any host of files, which may compress nothing by itself. */
import { MAGIC, unpackLzma } from './lzma.ts';

/** First bytes of what gzip made. */
const GZIP = [0x1f, 0x8b] as const;

/** The largest file there is, unpacked, bytes. */
const MOST = 32 * 2 ** 20;

/** Bytes of a number. */
const WIDTH = 4;

/**
 * Undoes LZMA, or gzip where nobody on the way has: some hosts say of a compressed file that it is one,
 * and the browser unpacks it.
 *
 * @throws TypeError, RangeError where it is damaged or cut off
 */
export async function unpack(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (MAGIC.every((byte, i) => packed[i] === byte)) return unpackLzma(packed, MOST);
  if (GZIP.some((byte, i) => packed[i] !== byte)) return packed;
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Numbers with their first bytes together, then their second, and so on, the sign behind the
 * exponent: exponents are much alike and then compress.
 *
 * @param numbers f32, little-endian
 */
export function intoPlanes(numbers: Uint8Array): Uint8Array<ArrayBuffer> {
  const count = numbers.length / WIDTH;
  const view = new DataView(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const planes = new Uint8Array(numbers.length);
  for (let i = 0; i < count; i++) {
    const bits = view.getUint32(i * WIDTH, true);
    const turned = (bits << 1) | (bits >>> 31);
    for (let plane = 0; plane < WIDTH; plane++) {
      planes[plane * count + i] = turned >>> (8 * (WIDTH - 1 - plane));
    }
  }
  return planes;
}

/** The reverse. */
export function outOfPlanes(planes: Uint8Array): Uint8Array<ArrayBuffer> {
  const count = planes.length / WIDTH;
  const numbers = new Uint8Array(planes.length);
  const view = new DataView(numbers.buffer);
  for (let i = 0; i < count; i++) {
    let turned = 0;
    for (let plane = 0; plane < WIDTH; plane++) turned = (turned << 8) | planes[plane * count + i];
    view.setUint32(i * WIDTH, (turned >>> 1) | (turned << 31), true);
  }
  return numbers;
}
