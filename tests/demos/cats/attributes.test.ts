import { describe, expect, it } from 'vitest';
import {
  COLOURS,
  COMBINATIONS,
  HATS,
  HELD_OUT,
  isHeldOut,
  SEEN,
  sampleCat,
} from '../../../demos/cats/index.ts';
import { Random } from '../../../policies/random.ts';

describe('combinations of attributes', () => {
  it('are 6 × 4 × 2, of which a tenth is held out', () => {
    expect(COMBINATIONS).toHaveLength(48);
    expect(new Set(COMBINATIONS.map((each) => JSON.stringify(each))).size).toBe(48);
    expect(HELD_OUT).toHaveLength(Math.round(48 / 10));
    expect(SEEN).toHaveLength(48 - HELD_OUT.length);
  });

  it('that are held out have values, and pairs of values, that are learnt from others', () => {
    for (const { colour, hat, helmet } of HELD_OUT) {
      expect(SEEN.some((each) => each.colour === colour && each.hat === hat)).toBe(true);
      expect(SEEN.some((each) => each.colour === colour && each.helmet === helmet)).toBe(true);
      expect(SEEN.some((each) => each.hat === hat && each.helmet === helmet)).toBe(true);
    }
    expect(new Set(HELD_OUT.map(({ hat }) => hat))).toEqual(new Set(HATS));
    expect(new Set(HELD_OUT.map(({ helmet }) => helmet)).size).toBe(2);
    expect(new Set(HELD_OUT.map(({ colour }) => colour)).size).toBe(5);
  });

  it('are never drawn for training where they are held out, the others equally often', () => {
    const random = Random.of(11);
    const counts = new Map<string, number>();
    for (let i = 0; i < 8600; i++) {
      const { colour, hat, helmet } = sampleCat(random);
      expect(isHeldOut({ colour, hat, helmet })).toBe(false);
      const key = `${colour} ${hat} ${helmet}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(SEEN.length);
    // 200 expected; six deviations of a binomial.
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(84);
  });

  it('cover every colour with every hat or its absence', () => {
    for (const colour of COLOURS) {
      const hats = SEEN.filter((each) => each.colour === colour).map(({ hat }) => hat);
      expect(new Set(hats).size).toBe(4);
    }
  });
});
