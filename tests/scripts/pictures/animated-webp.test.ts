import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { animatedWebp } from '../../../scripts/pictures/animated-webp.ts';
import { ROOT } from '../../support/sources.ts';

interface Chunk {
  readonly name: string;
  readonly content: Buffer;
}

/** The chunks of a RIFF file or of a part of one, read to its last byte. */
function chunksIn(bytes: Buffer): Chunk[] {
  const found: Chunk[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes.readUInt32LE(at + 4);
    const content = bytes.subarray(at + 8, at + 8 + length);
    found.push({ name: bytes.toString('latin1', at, at + 4), content });
    at += 8 + length + (length % 2);
  }
  expect(at).toBe(bytes.length);
  return found;
}

const namesOf = (chunks: readonly Chunk[]) => chunks.map(({ name }) => name);

describe('an animation out of still pictures', () => {
  it('has each of them, whole, with the time it is shown', async () => {
    const still = await readFile(`${ROOT}docs/pictures/page.webp`);
    const [{ content: whole }] = chunksIn(still);
    const picture = chunksIn(whole.subarray(4)).find(({ name }) => name.startsWith('VP8 '));
    const film = animatedWebp(
      [
        { file: still, milliseconds: 100 },
        { file: still, milliseconds: 1500 },
      ],
      { width: 1440, height: 900 },
    );
    const riff = chunksIn(film);
    expect(namesOf(riff)).toEqual(['RIFF']);
    expect(riff[0].content.toString('latin1', 0, 4)).toBe('WEBP');
    const [header, loop, ...frames] = chunksIn(riff[0].content.subarray(4));
    expect(header.name).toBe('VP8X');
    expect(header.content.readUInt8(0) & 2).toBe(2);
    expect(header.content.readUIntLE(4, 3) + 1).toBe(1440);
    expect(header.content.readUIntLE(7, 3) + 1).toBe(900);
    expect([loop.name, loop.content.readUInt16LE(4)]).toEqual(['ANIM', 0]);
    expect(namesOf(frames)).toEqual(['ANMF', 'ANMF']);
    expect(frames.map(({ content }) => content.readUIntLE(12, 3))).toEqual([100, 1500]);
    for (const { content } of frames) {
      expect([content.readUIntLE(6, 3) + 1, content.readUIntLE(9, 3) + 1]).toEqual([1440, 900]);
      const inside = chunksIn(content.subarray(16));
      expect(namesOf(inside)).toEqual(['VP8 ']);
      expect(picture && inside[0].content.equals(picture.content)).toBe(true);
    }
  });

  it('takes nothing but WebP files', () => {
    const png = { file: Buffer.from('\x89PNG\r\n\x1a\n rest of it'), milliseconds: 100 };
    expect(() => animatedWebp([png], { width: 1, height: 1 })).toThrow('expected frames as WebP');
  });
});
