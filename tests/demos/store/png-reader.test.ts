import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../demos/store/png.ts';
import { decodePng, MOST_PIXELS, PngError } from '../../../demos/store/png-reader.ts';

const picture = encodePng(
  Uint8Array.from({ length: 3 * 4 * 4 }, (_, i) => (i * 37) % 256),
  4,
);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function png(header: readonly number[], width: number, height: number, rows: Uint8Array): Buffer {
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set(header, 8);
  return Buffer.concat([
    picture.subarray(0, 8),
    chunk('IHDR', ihdr),
    chunk('tEXt', Buffer.from('a remark')),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a PNG that is read', () => {
  it('has the pixels that were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.nat(255)), (size, bytes) => {
        const rgb = Uint8Array.from({ length: 3 * size * size }, () => bytes.next().value ?? 0);
        expect(decodePng(encodePng(rgb, size))).toEqual({ width: size, height: size, rgb });
      }),
    );
  });

  it('may go through each filter of the standard', () => {
    // Two pixels wide: rows unfiltered, left, above, mean, Paeth; worked out by hand.
    const rows = [
      [0, 10, 20, 30, 50, 60, 70],
      [1, 1, 2, 3, 4, 5, 6],
      [2, 1, 1, 1, 1, 1, 1],
      [3, 1, 1, 1, 1, 1, 1],
      [4, 1, 1, 1, 1, 1, 1],
    ];
    expect([...decodePng(png([8, 2, 0, 0, 0], 2, 5, Uint8Array.from(rows.flat()))).rgb]).toEqual([
      ...[10, 20, 30, 50, 60, 70],
      ...[1, 2, 3, 5, 7, 9],
      ...[2, 3, 4, 6, 8, 10],
      ...[2, 2, 3, 5, 6, 7],
      ...[3, 3, 4, 6, 7, 8],
    ]);
  });

  it('may be RGBA, of which the colours are read', () => {
    const { rgb } = decodePng(png([8, 6, 0, 0, 0], 1, 1, Uint8Array.of(0, 1, 2, 3, 128)));
    expect([...rgb]).toEqual([1, 2, 3]);
  });
});

describe('what is refused', () => {
  const row = Uint8Array.of(0, 1, 2, 3);
  it.each<[string, Uint8Array, string]>([
    ['no PNG', Buffer.from('GIF89a'), 'expected a PNG file'],
    ['nothing', new Uint8Array(0), 'expected a PNG file, got 0 bytes'],
    ['one that is cut short', picture.subarray(0, picture.length - 6), 'cut short'],
    ['a large claim', png([8, 2, 0, 0, 0], MOST_PIXELS + 1, 1, row), `1 to ${MOST_PIXELS} pixels`],
    ['more pixels than claimed', png([8, 2, 0, 0, 0], 1, 1, new Uint8Array(10 ** 6)), 'expected 4'],
    ['fewer pixels than claimed', png([8, 2, 0, 0, 0], 9, 9, row), 'got 4'],
    ['a palette', png([8, 3, 0, 0, 0], 1, 1, row), 'colour type 3'],
    ['16 bits', png([16, 2, 0, 0, 0], 1, 1, row), '16 bits'],
    ['interlaced rows', png([8, 2, 0, 0, 1], 1, 1, row), 'interlace 1'],
    [
      'a filter that is none',
      png([8, 2, 0, 0, 0], 1, 1, Uint8Array.of(7, 1, 2, 3)),
      'filter from 0',
    ],
  ])('%s', (_, file, message) => {
    expect(() => decodePng(file)).toThrow(PngError);
    expect(() => decodePng(file)).toThrow(message);
  });

  it('is any file with a changed byte, or its pixels are the same', () => {
    const before = decodePng(picture);
    for (let at = 0; at < picture.length; at++) {
      const changed = Uint8Array.from(picture);
      changed[at] ^= 0x10;
      try {
        expect(decodePng(changed)).toEqual(before);
      } catch (error) {
        expect(error).toBeInstanceOf(PngError);
      }
    }
  });
});
