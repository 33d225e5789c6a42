/**
 * Animations out of still pictures. A WebP file is a RIFF container; an animated one has its frames,
 * each a still picture's own bits, in chunks after a header.
 *
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */

/** A picture as an encoder gives it: a WebP file of its own. */
export interface Frame {
  readonly file: Buffer;
  /** How long it is shown, ms. */
  readonly milliseconds: number;
}

const HEAD = 12;
const CHUNK_HEAD = 8;
/** The chunks of a still picture that a frame takes over. */
const PICTURE_CHUNKS = new Set(['ALPH', 'VP8 ', 'VP8L']);
/** In the header of the file: it is animated. */
const ANIMATED = 2;
/** In a frame: it is not mixed with what was there before. */
const NOT_BLENDED = 2;

/**
 * One file that shows the frames for ever, each over the whole picture.
 *
 * @param size of every frame, px
 * @throws Error for a frame that is no WebP file
 */
export function animatedWebp(
  frames: readonly Frame[],
  { width, height }: { width: number; height: number },
): Buffer {
  const header = Buffer.alloc(10);
  header.writeUInt8(ANIMATED, 0);
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  // Background: none; loops: 0, for ever.
  const animation = Buffer.alloc(6);
  const body = Buffer.concat([
    chunk('VP8X', header),
    chunk('ANIM', animation),
    ...frames.map(({ file, milliseconds }) => {
      const head = Buffer.alloc(16);
      head.writeUIntLE(width - 1, 6, 3);
      head.writeUIntLE(height - 1, 9, 3);
      head.writeUIntLE(milliseconds, 12, 3);
      head.writeUInt8(NOT_BLENDED, 15);
      return chunk('ANMF', Buffer.concat([head, ...pictureOf(file)]));
    }),
  ]);
  const head = Buffer.alloc(HEAD);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  head.write('WEBP', 8, 'latin1');
  return Buffer.concat([head, body]);
}

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(CHUNK_HEAD);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(content.length, 4);
  // Chunks begin at even places.
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** The chunks of a still picture that say how it looks. */
function pictureOf(file: Buffer): Buffer[] {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, HEAD) !== 'WEBP') {
    throw new Error('animation: expected frames as WebP files');
  }
  const found: Buffer[] = [];
  for (let at = HEAD; at + CHUNK_HEAD <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const end = at + CHUNK_HEAD + length + (length % 2);
    if (PICTURE_CHUNKS.has(name)) found.push(file.subarray(at, end));
    at = end;
  }
  return found;
}
