import { describe, expect, it } from 'vitest';
import { isDrawable, readCaption } from '../../../../client/features/pictures/caption.ts';
import { CAPTION_VOCABULARY, CAPTION_WORDS } from '../../../../demos/cats/index.ts';

const read = (caption: string) =>
  readCaption(caption, { vocabulary: CAPTION_VOCABULARY, words: CAPTION_WORDS });

describe('a caption', () => {
  it.each(['', 'a red cat wearing a party hat', 'An ASTRONAUT cat, with a hat!'])(
    'of known words is drawn: %j',
    (caption) => {
      const said = read(caption);
      expect(said).toEqual({ unknown: [], saysNothing: false, excess: 0, contradiction: null });
      expect(isDrawable(said)).toBe(true);
    },
  );

  it('has each unknown word named once, and is drawn all the same', () => {
    const said = read('a mauve mauve cat in a tutu');
    expect(said.unknown).toEqual(['mauve', 'tutu']);
    expect([said.saysNothing, isDrawable(said)]).toEqual([false, true]);
    expect(read('zwölf Boxkämpfer').saysNothing).toBe(true);
  });

  it('is refused where no cat is what it asks for, or where it is too long', () => {
    const two = read('a red green cat');
    expect(two.contradiction).toMatch(/one colour/);
    expect(isDrawable(two)).toBe(false);
    const long = read('cat '.repeat(CAPTION_WORDS + 2));
    expect([long.excess, isDrawable(long)]).toEqual([2, false]);
  });
});
