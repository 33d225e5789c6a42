import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FIRST_WORD,
  InstructionError,
  PAD,
  START,
  Tokenizer,
  UNKNOWN,
  vocabularyOf,
  wordsOf,
} from '../../../policies/text/tokenizer.ts';

const VOCABULARY = ['apple', 'green', 'me', 'red', 'the'];
const tokenizer = new Tokenizer(VOCABULARY, 6);

describe('a tokenizer', () => {
  it('numbers the words after the starting token, and pads to its length', () => {
    expect(tokenizer.tokenize('the red apple')).toEqual({
      ids: Float32Array.of(START, FIRST_WORD + 4, FIRST_WORD + 3, FIRST_WORD, PAD, PAD),
      tokens: ['<start>', 'the', 'red', 'apple'],
      unknown: [],
    });
  });

  it('leaves something to look at in silence', () => {
    expect(tokenizer.tokenize('').ids).toEqual(Float32Array.of(START, PAD, PAD, PAD, PAD, PAD));
  });

  it('does not care for capitals, punctuation and spaces', () => {
    expect(tokenizer.tokenize('  The RED,\n apple! ').ids).toEqual(
      tokenizer.tokenize('the red apple').ids,
    );
  });

  it('reports each word it does not know once, and keeps its place', () => {
    const { ids, unknown } = tokenizer.tokenize('the blue blue pear');
    expect(unknown).toEqual(['blue', 'pear']);
    expect([...ids.slice(1, 5)]).toEqual([FIRST_WORD + 4, UNKNOWN, UNKNOWN, UNKNOWN]);
  });

  it('refuses more words than it has room for, and says how many there may be', () => {
    expect(tokenizer.tokenize('the the the the the').ids).not.toContain(PAD);
    const tokenize = () => tokenizer.tokenize('the the the the the the');
    expect(tokenize).toThrow(InstructionError);
    expect(tokenize).toThrow('at most 5 words, got 6');
  });

  it('gives back what it was given: words to numbers is one to one', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...VOCABULARY), { maxLength: 5 }), (words) => {
        const { ids, unknown } = tokenizer.tokenize(words.join(' '));
        const back = [...ids.slice(1)].filter((id) => id !== PAD).map((id) => id - FIRST_WORD);
        expect(back.map((i) => VOCABULARY[i])).toEqual(words);
        expect(unknown).toEqual([]);
      }),
    );
  });
});

describe('words', () => {
  it('are runs of letters and digits of any script, and apostrophes', () => {
    expect(wordsOf("Don't take the äpfel, 2 of them…")).toEqual([
      "don't",
      'take',
      'the',
      'äpfel',
      '2',
      'of',
      'them',
    ]);
  });

  it('make a vocabulary, each once and sorted', () => {
    expect(vocabularyOf(['take the red', '', 'the Red one'])).toEqual([
      'one',
      'red',
      'take',
      'the',
    ]);
  });
});
