import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** 8 bits a sample, RGB, deflate, the one filter method, no interlacing. */
const FORMAT = [8, 2, 0, 0, 0] as const;
/** Each row says which filter it went through; 1 is the difference to the pixel before it. */
const SUB = 1;

/**
 * A square picture as a PNG file. Equal pictures give equal bytes, which a dataset's checksums cover:
 * they must not change with the version of an encoder.
 *
 * @param rgb [size, size, 3], rows from the top
 * @see ISO/IEC 15948:2004, sections 5, 9 and 11
 */
export function encodePng(rgb: Uint8Array, size: number): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, size);
  view.setUint32(4, size);
  header.set(FORMAT, 8);
  const width = 3 * size;
  const rows = new Uint8Array(size * (1 + width));
  for (let y = 0; y < size; y++) {
    const row = rows.subarray(y * (1 + width));
    row[0] = SUB;
    for (let i = 0; i < width; i++) {
      const before = i < 3 ? 0 : rgb[y * width + i - 3];
      row[1 + i] = rgb[y * width + i] - before;
    }
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** Length, type, data, and the checksum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
