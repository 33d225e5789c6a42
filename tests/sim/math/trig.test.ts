import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atan2, cos, sin } from '../../../sim/math/trig.ts';
import { within } from '../../support/arbitraries.ts';

/** The promise of the doc lines; Math.* itself is off by at most one unit in the last place. */
const ACCURACY = 1e-15;

describe.each([
  { name: 'sin', own: sin, native: Math.sin },
  { name: 'cos', own: cos, native: Math.cos },
])('$name', ({ own, native }) => {
  it('agrees with Math to 1e-15 wherever |x| ≤ 100', () => {
    fc.assert(
      fc.property(within(-100, 100), (x) => {
        expect(Math.abs(own(x) - native(x))).toBeLessThan(ACCURACY);
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with Math to 1e-15 beside every multiple of π/4, where the reduction changes branch', () => {
    let worst = 0;
    for (let k = -127; k <= 127; k++) {
      for (const offset of [0, 1e-16, -1e-16, 1e-12, -1e-12, 1e-6, -1e-6, 1e-3, -1e-3]) {
        const x = (k * Math.PI) / 4 + offset;
        worst = Math.max(worst, Math.abs(own(x) - native(x)));
      }
    }
    expect(worst).toBeLessThan(ACCURACY);
  });

  it('passes on what is not a finite number as NaN', () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(own(x)).toBeNaN();
    }
  });
});

describe('sin and cos', () => {
  it('are exact at zero', () => {
    expect(sin(0)).toBe(0);
    expect(cos(0)).toBe(1);
  });

  it('keep tiny angles to full relative precision', () => {
    for (const x of [1e-3, 1e-8, 1e-100, 5e-324]) expect(sin(x) / x).toBeCloseTo(1, 6);
  });
});

describe('atan2', () => {
  it('agrees with Math.atan2 to 1e-15 all round the circle', () => {
    fc.assert(
      fc.property(within(-10, 10), within(-10, 10), (anyY, x) => {
        // Math.atan2 gives −π for y = −0 and x < 0; ours does not look at the sign of a zero.
        const y = anyY === 0 ? 0 : anyY;
        fc.pre(x !== 0 || y !== 0);
        expect(Math.abs(atan2(y, x) - Math.atan2(y, x))).toBeLessThan(ACCURACY);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [0, 1, 0],
    [1, 1, Math.PI / 4],
    [1, 0, Math.PI / 2],
    [1, -1, (3 * Math.PI) / 4],
    [0, -1, Math.PI],
    [-1, -1, (-3 * Math.PI) / 4],
    [-1, 0, -Math.PI / 2],
    [-1, 1, -Math.PI / 4],
    [0, 0, 0],
  ])('atan2(%d, %d) is %d', (y, x, angle) => {
    expect(Math.abs(atan2(y, x) - angle)).toBeLessThan(ACCURACY);
  });

  it('inverts sine and cosine', () => {
    fc.assert(
      fc.property(within(-3.14, 3.14), (angle) => {
        expect(Math.abs(atan2(sin(angle), cos(angle)) - angle)).toBeLessThan(2 * ACCURACY);
      }),
      { numRuns: 1000 },
    );
  });

  it('depends on the direction alone, whatever the length of the vector', () => {
    for (const scale of [1e-150, 1, 1e150]) {
      expect(Math.abs(atan2(3 * scale, 4 * scale) - Math.atan2(3, 4))).toBeLessThan(ACCURACY);
    }
  });

  it('passes on NaN', () => {
    expect(atan2(Number.NaN, 1)).toBeNaN();
    expect(atan2(1, Number.NaN)).toBeNaN();
  });
});
