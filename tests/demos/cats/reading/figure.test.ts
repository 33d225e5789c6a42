import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cat, sampleCat } from '../../../../demos/cats/cat.ts';
import { Figures, figureOf } from '../../../../demos/cats/reading/figure.ts';
import { Random } from '../../../../policies/random.ts';

const SIZE = 16;
const FINER = 2;

describe('figures of cats drawn one after another', () => {
  it('are those drawn alone, whatever they have in common with the ones before', () => {
    const cats = fc.array(fc.nat(), { minLength: 2, maxLength: 2 }).chain((seeds) => {
      const ends = seeds.map((seed) => sampleCat(Random.of(seed)));
      const keys = Object.keys(ends[0]) as (keyof Cat)[];
      // Each property from one of two cats: most neighbours share some and differ in others.
      const mixed = fc
        .array(fc.boolean(), { minLength: keys.length, maxLength: keys.length })
        .map((of): Cat => {
          const taken = keys.filter((_, i) => of[i]).map((key) => [key, ends[1][key]]);
          return { ...ends[0], ...Object.fromEntries(taken) };
        });
      return fc.array(mixed, { minLength: 2, maxLength: 12 });
    });
    fc.assert(
      fc.property(cats, (cats) => {
        const figures = new Figures(SIZE, FINER);
        for (const cat of cats) {
          expect(figures.draw(cat)).toEqual(figureOf(cat, SIZE, FINER));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keep what they share, though one is altered in a single property', () => {
    const cat = sampleCat(Random.of(3));
    const other = sampleCat(Random.of(4));
    const figures = new Figures(SIZE, FINER);
    for (const key of Object.keys(cat) as (keyof Cat)[]) {
      for (const changed of [cat, { ...cat, [key]: other[key] }, cat]) {
        expect(figures.draw(changed)).toEqual(figureOf(changed, SIZE, FINER));
      }
    }
  });
});
