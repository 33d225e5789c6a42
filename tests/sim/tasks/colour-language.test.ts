import { describe, expect, it } from 'vitest';
import type { Goal } from '../../../sim/index.ts';
import { COLOURS, colourLanguage, SIDES } from '../../../sim/tasks/left-right-colour/language.ts';

const { phrases, sayings, understand } = colourLanguage;
const wordsOf = (text: string) => text.split(' ').filter((word) => word !== '');
const trained = phrases.filter(({ heldOut }) => !heldOut);
const heldOut = phrases.filter((phrase) => phrase.heldOut);

describe('the sentences', () => {
  it('are all different, and the empty one is first', () => {
    expect(new Set(phrases.map(({ text }) => text)).size).toBe(phrases.length);
    expect(phrases[0]).toEqual({
      text: '',
      goal: { object: null, mode: null },
      heldOut: false,
    });
  });

  it('say what a person would say', () => {
    const texts = phrases.map(({ text }) => text);
    expect(texts).toContain('hand me the red apple');
    expect(texts).toContain('take the green one from the left');
    expect(texts).toContain('past the post on the right pick up a ball');
  });

  it('mean what they were made from', () => {
    for (const { text, goal } of phrases) expect(understand(text), text).toEqual(goal);
  });

  it('come for every colour and every side alike', () => {
    for (const part of [trained, heldOut]) {
      const count = (key: 'object' | 'mode', name: string) =>
        part.filter(({ goal }) => goal[key] === name).length;
      expect(count('object', COLOURS[0])).toBe(count('object', COLOURS[1]));
      expect(count('mode', SIDES[0])).toBe(count('mode', SIDES[1]));
    }
  });

  it('that are held out are about a quarter of each kind, in words that training knows', () => {
    const known = new Set(trained.flatMap(({ text }) => wordsOf(text)));
    expect(heldOut.flatMap(({ text }) => wordsOf(text)).filter((word) => !known.has(word))).toEqual(
      [],
    );
    for (const object of [true, false]) {
      for (const mode of [true, false]) {
        const kind = phrases.filter(
          ({ text, goal }) =>
            text !== '' && (goal.object !== null) === object && (goal.mode !== null) === mode,
        );
        const share = kind.filter((phrase) => phrase.heldOut).length / kind.length;
        expect(share).toBeGreaterThan(0.15);
        expect(share).toBeLessThan(0.35);
      }
    }
  });

  it('hold out whole patterns: no trained sentence differs only in colour or side', () => {
    const pattern = (text: string) =>
      text
        .replace(new RegExp(COLOURS.join('|')), 'COLOUR')
        .replace(new RegExp(SIDES.join('|')), 'SIDE');
    const seen = new Set(trained.map(({ text }) => pattern(text)));
    expect(heldOut.filter(({ text }) => seen.has(pattern(text)))).toEqual([]);
  });
});

describe('sayings', () => {
  const texts = sayings.map(({ text }) => text);

  it('are at least forty, all different', () => {
    expect(texts.length).toBeGreaterThanOrEqual(40);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('each have a word that no sentence of the grammar has, held out ones included', () => {
    const known = new Set(phrases.flatMap(({ text }) => wordsOf(text)));
    const words = (text: string) => text.toLowerCase().match(/[a-z]+/g) ?? [];
    expect(texts.filter((text) => words(text).every((word) => known.has(word)))).toEqual([]);
  });

  it('ask for each ball and each side equally often, and are understood as written', () => {
    const kind = ({ object, mode }: Goal) => `${object} ${mode}`;
    const counts: Record<string, number> = {};
    for (const { goal } of sayings) counts[kind(goal)] = (counts[kind(goal)] ?? 0) + 1;
    expect(counts).toEqual({
      'red null': 8,
      'green null': 8,
      'null left': 8,
      'null right': 8,
      'red left': 4,
      'red right': 4,
      'green left': 4,
      'green right': 4,
    });
    for (const { text, goal } of sayings) expect(understand(text), text).toEqual(goal);
    expect(understand('The CRIMSON sphere.')).toEqual({ object: 'red', mode: null });
  });

  it('contradict no word that the grammar understands', () => {
    for (const { text, goal } of sayings) {
      const others = [...COLOURS, ...SIDES].filter(
        (word) => ![goal.object, goal.mode].includes(word),
      );
      for (const word of others) expect(text).not.toMatch(new RegExp(`\\b${word}\\b`));
    }
  });
});

describe('understanding', () => {
  it('finds colour and side in any words', () => {
    expect(understand('Please, the GREEN one!')).toEqual({ object: 'green', mode: null });
    expect(understand('left')).toEqual({ object: null, mode: 'left' });
    expect(understand('evergreen')).toEqual({ object: null, mode: null });
  });

  it('leaves the choice open where both are named', () => {
    expect(understand('the red or the green one, from the left')).toEqual({
      object: null,
      mode: 'left',
    });
  });
});
