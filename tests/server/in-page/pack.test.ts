import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pack } from '../../../scripts/static/pack.ts';
import { intoPlanes, outOfPlanes, unpack } from '../../../server/in-page/pack.ts';

const bytes = (values: ArrayLike<number>) => Uint8Array.from(values);

it('numbers come out of planes as they went in, to the bit', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff })), (bits) => {
      const numbers = new Uint8Array(Uint32Array.from(bits).buffer);
      expect(outOfPlanes(intoPlanes(numbers))).toEqual(numbers);
    }),
  );
});

it('planes of numbers that are alike compress further than the numbers', () => {
  const numbers = Float32Array.from({ length: 20_000 }, (_, i) => 0.05 * Math.sin(i * i));
  const plain = new Uint8Array(numbers.buffer);
  expect(gzipSync(intoPlanes(plain)).length).toBeLessThan(0.93 * gzipSync(plain).length);
});

const content = bytes(Array.from({ length: 1000 }, (_, i) => (i * i) % 251));
const PACKINGS = ['gzip', 'brotli'] as const;

it.each(PACKINGS)('a file is unpacked from %s', async (packing) => {
  const packed = bytes(pack(content, packing, 'full'));
  expect(packed.length).toBeLessThan(content.length);
  expect(await unpack(packed, packing, content.length)).toEqual(content);
});

it('a file of gzip that the host has unpacked already is left as it is', async () => {
  expect(await unpack(content, 'gzip', content.length)).toEqual(content);
});

it.each(PACKINGS)('a file of %s that is cut off is not taken for a whole one', async (packing) => {
  const packed = bytes(pack(content, packing, 'full'));
  const cut = unpack(packed.slice(0, packed.length >> 1), packing, content.length);
  const got = await cut.catch(() => new Uint8Array());
  expect(got).not.toEqual(content);
});

it('a changed bit is told by the checksum of gzip', async () => {
  const changed = bytes(pack(content, 'gzip', 'full'));
  changed[changed.length >> 1] ^= 64;
  await expect(unpack(changed, 'gzip', content.length)).rejects.toThrow();
});
