import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packLzma } from '../../../scripts/static/lzma-encoder.ts';
import { unpackLzma } from '../../../server/in-page/lzma.ts';
import { unpack } from '../../../server/in-page/pack.ts';

const MOST = 1e6;

/** Words that come again and again, among others that do not. */
function text(length: number): Uint8Array<ArrayBuffer> {
  const words = ['local.get ', 'i32.add ', 'end\n', 'f32x4.mul '];
  let said = '';
  for (let i = 0; said.length < length; i++) said += words[((i * i) % 7) % 4] + (i % 11 ? '' : i);
  return new TextEncoder().encode(said.slice(0, length));
}

it('comes out as it went in, whatever it is', () => {
  const few = fc.uint8Array({ max: 3, maxLength: 400 });
  fc.assert(
    fc.property(fc.oneof(few, fc.uint8Array({ maxLength: 400 })), (bytes) => {
      expect(unpackLzma(packLzma(bytes), MOST)).toEqual(Uint8Array.from(bytes));
    }),
  );
});

it('copies from afar and for long', async () => {
  const zeros = new Uint8Array(3000);
  const bytes = Uint8Array.from([...text(9000), ...zeros, ...text(9000), 1, 2, 3]);
  const packed = packLzma(bytes);
  expect(packed.length).toBeLessThan(bytes.length / 10);
  expect(await unpack(packed)).toEqual(bytes);
});

it('is refused where it is cut off, changed or larger than expected', () => {
  const packed = packLzma(text(5000));
  expect(() => unpackLzma(packed, 4999)).toThrow(/at most 4999/);
  expect(() => unpackLzma(packed.slice(0, packed.length >> 1), MOST)).toThrow(RangeError);
  expect(() => unpackLzma(packed.slice(0, 7), MOST)).toThrow(RangeError);
  fc.assert(
    fc.property(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = packed.slice();
      changed[at] ^= by;
      // The magic is `unpack`'s to look at, and the last bytes of the range carry nothing.
      fc.pre(at >= 4 && at < packed.length - 5);
      expect(() => unpackLzma(changed, MOST)).toThrow(RangeError);
    }),
  );
});
