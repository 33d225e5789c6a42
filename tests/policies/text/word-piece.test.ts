import { describe, expect, it } from 'vitest';
import { WordPiece } from '../../../policies/text/index.ts';

// The example of BERT's own tests (google-research/bert, tokenization_test.py).
const VOCABULARY = [
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'want',
  '##want',
  '##ed',
  'wa',
  'un',
  'runn',
  '##ing',
];
const wordPiece = new WordPiece(VOCABULARY);

describe('WordPiece', () => {
  it('cuts words into the longest pieces, from the left', () => {
    expect(wordPiece.tokenize('unwanted running')).toEqual({
      ids: [1, 7, 4, 5, 8, 9, 2],
      tokens: ['[CLS]', 'un', '##want', '##ed', 'runn', '##ing', '[SEP]'],
      unknown: [],
    });
  });

  it('takes a word as unknown as soon as one part of it is', () => {
    expect(wordPiece.tokenize('unwantedX running')).toMatchObject({
      tokens: ['[CLS]', '[UNK]', 'runn', '##ing', '[SEP]'],
      unknown: ['unwantedx'],
    });
  });

  it('leaves the marks around silence', () => {
    expect(wordPiece.tokenize('').tokens).toEqual(['[CLS]', '[SEP]']);
  });

  it('takes marks of punctuation and ideographs for words, and leaves out accents', () => {
    // As Hugging Face's tokenizers 0.23 reads them by BERT's own vocabulary.
    const pieces = [...VOCABULARY, ',', '-', "'", 'left', 'hand', 'cafe', '红', '球', 's'];
    const { tokens, unknown } = new WordPiece(pieces).tokenize(
      "left-hand, Café's 红球\u0000\u200b",
    );
    expect(tokens.slice(1, -1)).toEqual(['left', '-', 'hand', ',', 'cafe', "'", 's', '红', '球']);
    expect(unknown).toEqual([]);
  });

  it('is not made without the marks', () => {
    expect(() => new WordPiece(['want'])).toThrow('[CLS], [SEP], [UNK]');
  });
});
