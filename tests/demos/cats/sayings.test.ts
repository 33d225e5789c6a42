import { describe, expect, it } from 'vitest';
import {
  CAPTION_VOCABULARY,
  CAPTION_WORDS,
  CAT_SAYINGS,
  COLOURS,
  COMBINATIONS,
  HATS,
  obeys,
  parseCaption,
} from '../../../demos/cats/index.ts';
import { wordsOf } from '../../../policies/text/tokenizer.ts';

describe('captions in words that are not learnt', () => {
  const texts = CAT_SAYINGS.map(({ text }) => text);

  it('are at least forty, all different, no longer than the longest that is', () => {
    expect(texts.length).toBeGreaterThanOrEqual(40);
    expect(new Set(texts).size).toBe(texts.length);
    for (const text of texts) expect(wordsOf(text).length).toBeLessThanOrEqual(CAPTION_WORDS);
  });

  it('each have a word that no caption has, and ask for cats that there are', () => {
    for (const { text, constraint } of CAT_SAYINGS) {
      expect(parseCaption(text).unknown, text).not.toEqual([]);
      expect(
        COMBINATIONS.some((each) => obeys(each, constraint)),
        text,
      ).toBe(true);
    }
    expect(CAPTION_VOCABULARY).not.toContain('kitten');
  });

  it('contradict no word that a caption can have', () => {
    for (const { text, constraint } of CAT_SAYINGS) {
      const { colours, hats, helmets } = parseCaption(text).constraint;
      expect(
        constraint.colours.every((each) => colours.includes(each)),
        text,
      ).toBe(true);
      expect(
        constraint.hats.every((each) => hats.includes(each)),
        text,
      ).toBe(true);
      expect(
        constraint.helmets.every((each) => helmets.includes(each)),
        text,
      ).toBe(true);
    }
  });

  it('ask for every colour and every hat', () => {
    for (const colour of COLOURS) {
      const asked = CAT_SAYINGS.filter(({ constraint }) => constraint.colours.join() === colour);
      expect(asked.length, colour).toBeGreaterThanOrEqual(3);
    }
    for (const hat of HATS) {
      const asked = CAT_SAYINGS.filter(({ constraint }) => constraint.hats.join() === hat);
      expect(asked.length, hat).toBeGreaterThanOrEqual(2);
    }
  });
});
