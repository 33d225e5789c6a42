import { describe, expect, it } from 'vitest';
import { glossaryEn } from '../../../../client/shared/words/glossary-en.ts';
import { glossaryZh } from '../../../../client/shared/words/glossary-zh.ts';
import { TERM_GROUPS } from '../../../../client/shared/words/terms.ts';

const ids = Object.values(TERM_GROUPS).flat();
const HAN = /\p{Script=Han}/u;

describe('the glossary', () => {
  it('has each of its words once, in a group', () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(glossaryEn).sort()).toEqual([...ids].sort());
    expect(Object.keys(glossaryZh).sort()).toEqual([...ids].sort());
  });

  it.each(ids)('explains %s in both languages in a few sentences', (id) => {
    const [english, chinese] = [glossaryEn[id], glossaryZh[id]];
    expect(english.about).toMatch(/^[A-Z].*\.$/);
    expect(english.about.split(/[.?!] /).length).toBeLessThanOrEqual(3);
    expect(HAN.test(english.name + english.about)).toBe(false);
    expect(chinese.about).toMatch(/。$/);
    expect(HAN.test(chinese.about)).toBe(true);
    // Papers are named alike, and where one has a formula both have.
    expect(chinese.paper).toBe(english.paper);
    expect(chinese.formula === undefined).toBe(english.formula === undefined);
  });
});
