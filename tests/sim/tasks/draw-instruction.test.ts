import { describe, expect, it } from 'vitest';
import { drawInstruction } from '../../../sim/tasks/draw-instruction.ts';
import { COLOURS, colourLanguage, SIDES } from '../../../sim/tasks/left-right-colour/language.ts';

const COUNT = 2000;
const drawn = (shown: { object: string; mode: string }) =>
  Array.from({ length: COUNT }, (_, seed) => drawInstruction(colourLanguage, shown, seed));

describe('a drawn instruction', () => {
  it('never asks for anything but what is shown, and is never held out', () => {
    const heldOut = new Set(
      colourLanguage.phrases.filter((phrase) => phrase.heldOut).map(({ text }) => text),
    );
    for (const object of COLOURS) {
      for (const mode of SIDES) {
        for (const text of drawn({ object, mode })) {
          const goal = colourLanguage.understand(text);
          expect([null, object]).toContain(goal.object);
          expect([null, mode]).toContain(goal.mode);
          expect(heldOut.has(text)).toBe(false);
        }
      }
    }
  });

  it('names the object about two times in three, the side every other time, or nothing', () => {
    const goals = drawn({ object: 'red', mode: 'left' });
    const share = (wanted: (text: string) => boolean) => goals.filter(wanted).length / COUNT;
    expect(share((text) => text.includes('red'))).toBeCloseTo(0.65, 1);
    expect(share((text) => text.includes('left'))).toBeCloseTo(0.5, 1);
    expect(share((text) => text === '')).toBeCloseTo(0.0875, 1);
    // All sentences are used, not a few.
    expect(new Set(goals).size).toBeGreaterThan(100);
  });
});
