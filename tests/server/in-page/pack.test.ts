import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
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

it('a file is unpacked, unless the host has done so already', async () => {
  const content = bytes([1, 2, 3, 200]);
  expect(await unpack(bytes(gzipSync(content)))).toEqual(content);
  expect(await unpack(content)).toEqual(content);
});

it('a file that is cut off or changed is not unpacked', async () => {
  const packed = bytes(gzipSync(bytes(Array.from({ length: 1000 }, (_, i) => (i * i) % 251))));
  await expect(unpack(packed.slice(0, -9))).rejects.toThrow();
  const changed = packed.slice();
  changed[packed.length >> 1] ^= 64;
  await expect(unpack(changed)).rejects.toThrow();
});
