import { describe, expect, it } from 'vitest';
import {
  CAPTION_VOCABULARY,
  CAPTION_WORDS,
  CaptionError,
  COMBINATIONS,
  drawCaption,
  HATS,
  obeys,
  parseCaption,
} from '../../../demos/cats/index.ts';
import { Random } from '../../../policies/random.ts';
import { wordsOf } from '../../../policies/text/tokenizer.ts';

const captions = COMBINATIONS.flatMap((attributes) => {
  const random = Random.of(7, COMBINATIONS.indexOf(attributes));
  return Array.from({ length: 100 }, () => ({
    attributes,
    caption: drawCaption(random, attributes),
  }));
});

describe('captions that are drawn', () => {
  it('are true of their cat, and say so to who reads them', () => {
    for (const { attributes, caption } of captions) {
      const { constraint, unknown } = parseCaption(caption);
      expect(unknown, caption).toEqual([]);
      expect(obeys(attributes, constraint), caption).toBe(true);
    }
  });

  it('say neither more nor less than one reads in them', () => {
    for (const { caption } of captions) {
      const { constraint } = parseCaption(caption);
      const saysColour = /red|orange|ginger|green|blue|white|black/.test(caption);
      expect(constraint.colours.length, caption).toBe(saysColour ? 1 : 6);
      const left = /top|party|wizard|(no|without a) hat/.test(caption) ? 1 : 4;
      expect(constraint.hats.length, caption).toBe(left === 4 && / hat/.test(caption) ? 3 : left);
      const saysHelmet = /astronaut|helmet/.test(caption);
      expect(constraint.helmets.length, caption).toBe(saysHelmet ? 1 : 2);
    }
  });

  it('use the whole vocabulary but for words that only people use, and no more words than stated', () => {
    const used = new Set(captions.flatMap(({ caption }) => wordsOf(caption)));
    expect(CAPTION_VOCABULARY.filter((word) => !used.has(word))).toEqual(['any', 'the']);
    const longest = Math.max(...captions.map(({ caption }) => wordsOf(caption).length));
    expect(longest).toBeLessThanOrEqual(CAPTION_WORDS);
  });

  it('paraphrase: of one cat there are dozens', () => {
    const of = captions.filter(({ attributes }) => attributes === COMBINATIONS[3]);
    expect(new Set(of.map(({ caption }) => caption)).size).toBeGreaterThan(40);
  });
});

describe('a caption', () => {
  const everything = parseCaption('').constraint;

  it.each([
    ['a red cat wearing a party hat', { colours: ['red'], hats: ['party'] }],
    ['an astronaut cat with a hat', { hats: ['top', 'party', 'wizard'], helmets: [true] }],
    ['a GINGER cat, in a space helmet!', { colours: ['orange'], helmets: [true] }],
    ['a cat without a hat and with no astronaut helmet', { hats: ['none'], helmets: [false] }],
    ['the wizard cat', { hats: ['wizard'] }],
    ['a hat, a top hat', { hats: ['top'] }],
    ['a cat with no party hat', { hats: HATS.filter((hat) => hat !== 'party') }],
    ['no blue hat', { colours: ['blue'], hats: ['none'] }],
    ['', {}],
    ['a cat', {}],
  ])('%j leaves what it does not speak of open', (text, says) => {
    expect(parseCaption(text).constraint).toEqual({ ...everything, ...says });
  });

  it('names each word that it does not know, once', () => {
    const { constraint, unknown } = parseCaption('a crimson cat, crimson as a tomato, with a hat');
    expect(unknown).toEqual(['crimson', 'as', 'tomato']);
    expect(constraint.hats).toEqual(['top', 'party', 'wizard']);
  });

  it.each([
    ['a red blue cat', 'colour'],
    ['a cat with a party hat and a wizard hat', 'hat'],
    ['a top hat without a hat', 'hat'],
    ['an astronaut cat without a helmet', 'helmet'],
  ])('%j is refused', (text, what) => {
    expect(() => parseCaption(text)).toThrow(CaptionError);
    expect(() => parseCaption(text)).toThrow(`expected one ${what}`);
  });
});
