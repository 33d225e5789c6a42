import { describe, expect, it } from 'vitest';
import {
  type Cat,
  type CatScore,
  COMBINATIONS,
  isHeldOut,
  obeys,
  SEEN,
  sampleCat,
} from '../../../demos/cats/index.ts';
import { Random } from '../../../policies/random.ts';
import { appraise, distancesOf, sharesOf, trueCats } from '../../../server/painting/appraisal.ts';
import { askedOf, PER_CAPTION } from '../../../server/painting/asked.ts';
import { diversityOf, NUISANCE_NAMES } from '../../../server/painting/diversity.ts';

const evidence = { error: 0, explained: 1, worstPart: 1, presence: {}, tint: 0 };
const scored = (cat: Cat, rejected: CatScore['rejected'] = null): CatScore => {
  return { cat, rejected, evidence };
};
const random = Random.of(8);

describe('captions that a painter is asked', () => {
  it('are true of seen combinations, or of held-out ones alone', () => {
    for (const { constraint, attributes } of askedOf('seen', 100, 1)) {
      expect(isHeldOut(attributes[0])).toBe(false);
      expect(obeys(attributes[0], constraint)).toBe(true);
    }
    for (const { constraint, isOpen } of askedOf('held-out', 100, 1)) {
      const all = COMBINATIONS.filter((each) => obeys(each, constraint));
      expect(all.length).toBeGreaterThan(0);
      expect(all.every(isHeldOut)).toBe(true);
      expect(isOpen).toBe(all.length > 1);
    }
  });

  it('leave several cats in some, and say one thing in several ways', () => {
    const asked = askedOf('seen', 100, 1);
    expect(asked.some(({ isOpen }) => isOpen)).toBe(true);
    expect(asked.some(({ isOpen }) => !isOpen)).toBe(true);
    const held = askedOf('held-out', 100, 1);
    expect(new Set(held.map(({ caption }) => caption)).size).toBeGreaterThan(20);
    expect(askedOf('empty', 3, 1).every(({ caption }) => caption === '')).toBe(true);
  });
});

describe('an appraisal', () => {
  const asked = askedOf('seen', 10, 2);
  const cats = asked.flatMap(({ attributes }) => attributes.map((each) => sampleCat(random, each)));

  it('counts cats that are what their caption asks for, but no rejected one', () => {
    const scores = cats.map((cat, i) => scored(cat, i < 6 ? 'tint' : null));
    const { obeyed, rejected, reasons, same } = appraise(asked, scores);
    expect([obeyed.k, rejected.k, same.k]).toEqual([34, 6, 34]);
    expect(obeyed.n).toBe(10 * PER_CAPTION);
    expect(reasons).toEqual({ tint: 6 });
  });

  it('counts no cat of another colour', () => {
    const other = cats.map((cat, i) => {
      const { constraint } = asked[Math.floor(i / PER_CAPTION)];
      const wrong = COMBINATIONS.find((each) => !obeys(each, constraint));
      return scored({ ...cat, ...wrong });
    });
    const spoken = asked.filter(({ constraint }) =>
      COMBINATIONS.some((each) => !obeys(each, constraint)),
    );
    expect(appraise(asked, other).obeyed.k).toBe(PER_CAPTION * (asked.length - spoken.length));
  });

  it('finds the shares of training among its cats', () => {
    const shares = sharesOf(SEEN.map((attributes) => scored(sampleCat(random, attributes))));
    for (const { drawn, data } of shares) expect(drawn).toBe(data);
    const hats = shares.filter(({ attribute }) => attribute === 'hat');
    expect(hats.reduce((sum, { data }) => sum + data, 0)).toBeCloseTo(1, 12);
  });

  it('finds true cats nearer to others than cats at half their contrast', () => {
    const many = askedOf('empty', 20, 3);
    const of = (sample: number) => trueCats(many, 16, { seed: 3, sample });
    const near = distancesOf({ size: 16, pictures: of(1) }, of(0), 3);
    const faint = of(1).map((value) => value / 2);
    const far = distancesOf({ size: 16, pictures: faint }, of(0), 3);
    expect(far.slicedWasserstein).toBeGreaterThan(1.5 * near.slicedWasserstein);
  });
});

describe('diversity', () => {
  it('is 1 among true cats and 0 among copies of one', () => {
    const groups = Array.from({ length: 1500 }, () =>
      Array.from({ length: PER_CAPTION }, () => sampleCat(random)),
    );
    const { of, mean } = diversityOf(groups);
    for (const name of NUISANCE_NAMES) expect(Math.abs((of[name] ?? 0) - 1)).toBeLessThan(0.06);
    expect(mean).toBeCloseTo(1, 1);
    expect(diversityOf(groups.map(([cat]) => [cat, cat])).mean).toBe(0);
  });

  it('is seen within a caption alone', () => {
    const copies = Array.from({ length: 50 }, () => {
      const cat = sampleCat(random);
      return [cat, cat, cat];
    });
    expect(diversityOf(copies).mean).toBe(0);
  });

  it('is not known where no two pictures of a caption show a cat', () => {
    expect(diversityOf([[sampleCat(random)], []]).mean).toBeNull();
  });
});
