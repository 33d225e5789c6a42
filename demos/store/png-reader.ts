import { crc32, inflateSync } from 'node:zlib';

/** A file that is no PNG, or none that this program reads. */
export class PngError extends Error {
  override readonly name = 'PngError';
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** [height, width, 3], rows from the top. */
  readonly rgb: Uint8Array;
}

/** Pixels along an edge that are believed. */
export const MOST_PIXELS = 2048;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Numbers a pixel, by colour type. */
const CHANNELS: ReadonlyMap<number, number> = new Map([
  [2, 3],
  [6, 4],
]);
const CURE = 'save it as an RGB PNG with 8 bits a colour';

/**
 * The pixels of a PNG file from anywhere: 8 bits a colour, RGB or RGBA (what is transparent counts as
 * opaque), not interlaced. Nothing is unpacked before its size is known and bounded.
 *
 * @throws PngError
 * @see ISO/IEC 15948:2004, sections 5, 9 and 11
 */
export function decodePng(file: Uint8Array): Pixels {
  if (!SIGNATURE.every((byte, i) => file[i] === byte)) {
    throw new PngError(
      `expected a PNG file, got ${file.length} bytes that begin otherwise; ${CURE}`,
    );
  }
  const chunks = chunksOf(file);
  const header = chunks[0];
  if (header?.type !== 'IHDR' || header.data.length !== 13) {
    throw new PngError(`expected a PNG header first, got ${header?.type ?? 'nothing'}; ${CURE}`);
  }
  const view = new DataView(header.data.buffer, header.data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  if (width < 1 || height < 1 || width > MOST_PIXELS || height > MOST_PIXELS) {
    throw new PngError(
      `expected 1 to ${MOST_PIXELS} pixels a side, got ${width} × ${height}; make it smaller`,
    );
  }
  const [depth, colour, , , interlace] = header.data.subarray(8);
  const channels = CHANNELS.get(colour);
  if (depth !== 8 || channels === undefined || interlace !== 0) {
    throw new PngError(
      'expected 8 bits a colour, RGB or RGBA, not interlaced, ' +
        `got ${depth} bits, colour type ${colour}, interlace ${interlace}; ${CURE}`,
    );
  }
  const packed = Buffer.concat(
    chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data),
  );
  return {
    width,
    height,
    rgb: unfilter(unpack(packed, height * (1 + channels * width)), width, height, channels),
  };
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

function chunksOf(file: Uint8Array): Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at + 12 <= file.length; ) {
    const end = at + 8 + view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (end + 4 > file.length) break;
    if (crc32(file.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw new PngError(
        `expected the checksum of ${JSON.stringify(type)}, got another: it is damaged`,
      );
    }
    chunks.push({ type, data: file.subarray(at + 8, end) });
    if (type === 'IEND') return chunks;
    at = end + 4;
  }
  throw new PngError('expected the end of a PNG file, got none: it is cut short');
}

function unpack(packed: Uint8Array, expected: number): Uint8Array {
  let rows: Uint8Array;
  try {
    rows = inflateSync(packed, { maxOutputLength: expected });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PngError(`expected ${expected} bytes of packed pixels, got none: ${why}`, {
      cause: error,
    });
  }
  if (rows.length === expected) return rows;
  throw new PngError(`expected ${expected} bytes of pixels, got ${rows.length}: it is damaged`);
}

/** Undoes each row's filter: what was subtracted is added again. */
function unfilter(rows: Uint8Array, width: number, height: number, channels: number): Uint8Array {
  const stride = channels * width;
  const whole = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (1 + stride)];
    if (filter > 4)
      throw new PngError(`expected a filter from 0 to 4, got ${filter}: it is damaged`);
    for (let i = 0; i < stride; i++) {
      const at = y * stride + i;
      const left = i < channels ? 0 : whole[at - channels];
      const above = y === 0 ? 0 : whole[at - stride];
      const corner = i < channels || y === 0 ? 0 : whole[at - stride - channels];
      const guess = [0, left, above, Math.floor((left + above) / 2), paeth(left, above, corner)];
      whole[at] = rows[y * (1 + stride) + 1 + i] + guess[filter];
    }
  }
  if (channels === 3) return whole;
  return whole.filter((_, i) => i % channels < 3);
}

/** The neighbour nearest to left + above − corner. */
function paeth(left: number, above: number, corner: number): number {
  const byLeft = Math.abs(above - corner);
  const byAbove = Math.abs(left - corner);
  const byCorner = Math.abs(left + above - 2 * corner);
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}
