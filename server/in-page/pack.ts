/** Files as they travel from any host of files, which may compress nothing by itself. */

/**
 * How a file is packed: gzip is unpacked by the browser and tells damage by its checksum; brotli takes
 * WebAssembly from 17.6 to 3.1 MB, a third less than gzip, and a second to unpack by JavaScript.
 */
export type Packing = 'gzip' | 'brotli';

/** First bytes of what gzip made. */
const GZIP = [0x1f, 0x8b] as const;

/** Bytes of a number. */
const WIDTH = 4;

/**
 * @param bytes of what is packed
 * @returns     as many, or fewer; a file of gzip as it is where the browser has unpacked it, as some
 *              hosts make it do
 * @throws TypeError, Error where it is damaged or cut off
 */
export async function unpack(
  packed: Uint8Array<ArrayBuffer>,
  packing: Packing,
  bytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (packing === 'brotli') {
    const { decompress } = await import('brotli/decompress');
    return new Uint8Array(decompress(packed, bytes));
  }
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
