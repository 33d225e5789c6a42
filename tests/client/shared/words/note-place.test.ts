import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOfNote } from '../../../../client/shared/words/note-place.ts';

const PHONE = { width: 390, height: 844 };
/** The largest that the style sheet allows there. */
const NOTE = { width: 330, height: 400 };

const box = (left: number, top: number, width = 80, height = 16) => {
  return { left, top, right: left + width, bottom: top + height };
};

describe('the note on a word', () => {
  it('stands below its word, and above it at the foot of the window', () => {
    const note = { width: 200, height: 90 };
    expect(placeOfNote(box(100, 100), note, PHONE)).toEqual({ x: 40, y: 124 });
    expect(placeOfNote(box(100, 800), note, PHONE)).toEqual({ x: 40, y: 702 });
  });

  it('lies within a phone’s width and never over its word', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 310 }),
        fc.integer({ min: 0, max: 828 }),
        fc.integer({ min: 20, max: NOTE.height }),
        (left, top, height) => {
          const word = box(left, top);
          const { x, y } = placeOfNote(word, { ...NOTE, height }, PHONE);
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x + NOTE.width).toBeLessThanOrEqual(PHONE.width);
          expect(y >= word.bottom || y + height <= word.top).toBe(true);
        },
      ),
    );
  });
});
