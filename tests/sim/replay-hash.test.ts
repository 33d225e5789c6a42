import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayHash } from '../../sim/replay-hash.ts';

const float = fc.float({ noNaN: true });
const floats = fc.array(float, { minLength: 1, maxLength: 40 });

function digest(values: readonly number[], from?: readonly [number, number]): string {
  const hash = new ReplayHash(from);
  for (const value of values) hash.add(value);
  return hash.digest;
}

function flipBit(value: number, bit: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  view.setUint32(0, view.getUint32(0) ^ (1 << bit));
  return view.getFloat32(0);
}

describe('ReplayHash', () => {
  it('is 16 hexadecimal digits, the same for the same numbers', () => {
    fc.assert(
      fc.property(floats, (values) => {
        expect(digest(values)).toMatch(/^[0-9a-f]{16}$/);
        expect(digest(values)).toBe(digest([...values]));
      }),
    );
  });

  it('sees every single bit of every number', () => {
    fc.assert(
      fc.property(floats, fc.nat(), fc.nat({ max: 31 }), (values, at, bit) => {
        const i = at % values.length;
        const flipped = flipBit(values[i], bit);
        fc.pre(!Number.isNaN(flipped));
        expect(digest(values.with(i, flipped))).not.toBe(digest(values));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells −0 from 0, as two engines that disagree would', () => {
    expect(digest([-0])).not.toBe(digest([0]));
  });

  it('sees the order of the numbers', () => {
    fc.assert(
      fc.property(floats, float, float, (values, a, b) => {
        fc.pre(!Object.is(a, b));
        expect(digest([...values, a, b])).not.toBe(digest([...values, b, a]));
      }),
    );
  });

  it('sees how many numbers there were', () => {
    fc.assert(
      fc.property(floats, (values) => {
        expect(digest([...values, 0])).not.toBe(digest(values));
        expect(digest([0, ...values])).not.toBe(digest(values));
      }),
    );
  });

  it('takes numbers at f32 precision', () => {
    expect(digest([0.1])).toBe(digest([Math.fround(0.1)]));
  });

  it('goes on from its state, wherever the sequence is cut', () => {
    fc.assert(
      fc.property(floats, fc.nat(), (values, at) => {
        const cut = at % (values.length + 1);
        const first = new ReplayHash();
        for (const value of values.slice(0, cut)) first.add(value);
        expect(digest(values.slice(cut), first.state)).toBe(digest(values));
      }),
    );
  });

  it('does not collide on a hundred thousand neighbouring sequences', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 100_000; i++) seen.add(digest([i, 1]));
    expect(seen.size).toBe(100_000);
  });
});
