import { describe, expect, it } from 'vitest';
import { TextEncoderError } from '../../../policies/text/index.ts';
import { readTokenizer } from '../../../policies/text/tokenizer-file.ts';

const PIECES = ['[UNK]', '[CLS]', '[SEP]', 'left', 'hand', '##s'];
const FILE = {
  normalizer: { type: 'BertNormalizer', lowercase: true, strip_accents: null, clean_text: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  model: { type: 'WordPiece', vocab: Object.fromEntries(PIECES.map((piece, i) => [piece, i])) },
};
const bytes = (text: string) => new TextEncoder().encode(text);
const json = (file: unknown) => bytes(JSON.stringify(file));

describe('the file of a tokenizer', () => {
  it.each([
    ['vocab.txt', bytes(`${PIECES.join('\r\n')}\r\n`)],
    ['tokenizer.json', json(FILE)],
  ])('may be %s', (name, content) => {
    const { ids, tokens } = readTokenizer(content, name).tokenize('Left hands');
    expect(ids).toEqual([1, 3, 4, 5, 2]);
    expect(tokens).toEqual(['[CLS]', 'left', 'hand', '##s', '[SEP]']);
  });

  it.each([
    ['another kind', { ...FILE, model: { ...FILE.model, type: 'BPE' } }, /model\.type/],
    [
      'capitals',
      { ...FILE, normalizer: { type: 'BertNormalizer', lowercase: false } },
      /lowercase/,
    ],
    [
      'no pieces',
      { ...FILE, model: { type: 'WordPiece', vocab: {} } },
      /\[CLS\], \[SEP\], \[UNK\]/,
    ],
    ['a place beyond all', { ...FILE, model: { vocab: { '[CLS]': 2 ** 40 } } }, /vocab/],
    ['a list', [], /expected tokenizer\.json or vocab\.txt/],
  ])('is refused with %s', (_, file, message) => {
    const read = () => readTokenizer(json(file), 'its.json');
    expect(read).toThrow(TextEncoderError);
    expect(read).toThrow(message);
    expect(read).toThrow(/tokenizer its\.json: .*--tokenizer FILE/);
  });

  it('is refused cut off', () => {
    const cut = json(FILE).subarray(0, 60);
    expect(() => readTokenizer(cut, 'cut.json')).toThrow(/JSON that is damaged/);
  });
});
