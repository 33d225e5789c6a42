import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMBINATIONS, drawCat, regionOf, sampleCat } from '../../../demos/cats/index.ts';
import { Random } from '../../../policies/random.ts';
import { codeOf, sourcesIn } from '../../support/sources.ts';

/** Of 64 cats; a browser draws the same (tests/e2e/same-bits.test.ts). */
const DIGEST = '39969b011ec4487680d4bef8e61c2bd187bf818801509369507c9045cba5d386';

const cats = fc
  .tuple(fc.nat(), fc.constantFrom(...COMBINATIONS))
  .map(([seed, attributes]) => sampleCat(Random.of(seed), attributes));

describe('a drawn cat', () => {
  it('has the bits that it has on every machine', () => {
    const hash = createHash('sha256');
    for (let i = 0; i < 64; i++) hash.update(drawCat(sampleCat(Random.of(2026, i))));
    expect(hash.digest('hex')).toBe(DIGEST);
  });

  it('is drawn by arithmetic and square roots alone', () => {
    const found = sourcesIn('demos/cats').flatMap(({ path, text }) =>
      Array.from(codeOf(text).matchAll(/\bMath\.(\w+)/g), ([, name]) => name)
        .filter((name) => !['min', 'max', 'abs', 'sqrt', 'floor', 'ceil', 'round'].includes(name))
        .map((name) => `${path}: ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('lies within the picture, and is smaller in smaller pictures by nothing but their pixels', () => {
    fc.assert(
      fc.property(cats, (cat) => {
        const large = drawCat(cat, 64);
        const small = drawCat(cat, 16);
        expect(large.every((value) => Math.abs(value) <= 1)).toBe(true);
        const mean = (state: Float32Array) => state.reduce((a, b) => a + b, 0) / state.length;
        expect(mean(small)).toBeCloseTo(mean(large), 5);
      }),
      { numRuns: 30 },
    );
  });

  it('wears what its attributes say where its regions are, and nothing else changes', () => {
    fc.assert(
      fc.property(cats, (cat) => {
        const hat = regionOf(cat, ['hat'], 64);
        expect(hat.some((share) => share > 0.9)).toBe(cat.hat !== 'none');
        expect(regionOf(cat, ['helmet'], 64).some((share) => share > 0.5)).toBe(cat.helmet);
        const bare = drawCat({ ...cat, hat: 'none' }, 64);
        const worn = drawCat(cat, 64);
        const changed = worn.map((value, at) => (value === bare[at] ? 0 : 1));
        expect(hat.some((share, pixel) => share === 0 && changed[3 * pixel] > 0)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('is wholly in the picture: of head, suit and what is worn at most the line of a tip is at its edge', () => {
    fc.assert(
      fc.property(cats, (cat) => {
        const region = regionOf(cat, ['hat', 'helmet', 'ears', 'suit', 'head'], 64);
        const edge = Array.from({ length: 64 }, (_, i) => [i, 63 * 64 + i, 64 * i, 64 * i + 63]);
        // The tip of a tilted hat, of 252 pixels: 3.2 at most in 6,000 cats.
        expect(edge.flat().reduce((sum, at) => sum + region[at], 0)).toBeLessThan(5);
      }),
      { numRuns: 100 },
    );
  });
});
