import { describe, expect, it } from 'vitest';
import { HELD_OUT, isHeldOut, parseCaption, sampleExamples } from '../../../demos/cats/index.ts';

describe('examples to learn from', () => {
  const few = sampleExamples({ seed: 5, count: 3, size: 16 });

  it('of a seed begin with those of fewer', () => {
    const more = sampleExamples({ seed: 5, count: 6, size: 16 });
    expect(more.pictures.subarray(0, few.pictures.length)).toEqual(few.pictures);
    expect(more.captions.slice(0, 3)).toEqual(few.captions);
    expect(sampleExamples({ seed: 6, count: 3, size: 16 }).pictures).not.toEqual(few.pictures);
  });

  it('go on from any of them', () => {
    const later = sampleExamples({ seed: 5, first: 1, count: 2, size: 16 });
    expect(later.pictures).toEqual(few.pictures.subarray(few.pictures.length / 3));
    expect(later.captions).toEqual(few.captions.slice(1));
  });

  it('never name a combination that is held out', () => {
    const { captions } = sampleExamples({ seed: 1, count: 400, size: 16 });
    for (const caption of captions) {
      const { colours, hats, helmets } = parseCaption(caption).constraint;
      const isOne = [colours, hats, helmets].every(({ length }) => length === 1);
      const asked = { colour: colours[0], hat: hats[0], helmet: helmets[0] };
      expect(isOne && isHeldOut(asked), caption).toBe(false);
    }
    expect(HELD_OUT.length).toBeGreaterThan(0);
  });
});
