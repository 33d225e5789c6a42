import type { SubwordTokenizer } from './onnx-encoder.ts';
import { wordsOf } from './tokenizer.ts';

/** Longest word that is taken apart, characters; longer ones are unknown. As in BERT. */
const MAX_WORD = 100;
const MARKS = { begin: '[CLS]', end: '[SEP]', unknown: '[UNK]' } as const;

/**
 * WordPiece of lower-cased text, as BERT and most sentence transformers use it: each word is cut
 * into the longest pieces that the vocabulary has, from the left. Punctuation is left out.
 *
 * @see Wu et al. 2016, section 4.1, arXiv:1609.08144
 */
export class WordPiece implements SubwordTokenizer {
  readonly #numbers: ReadonlyMap<string, number>;

  /**
   * @param vocabulary pieces in the order of their numbers, a line each of the model's `vocab.txt`
   * @throws RangeError without the marks [CLS], [SEP] and [UNK]
   */
  constructor(vocabulary: readonly string[]) {
    this.#numbers = new Map(vocabulary.map((piece, i) => [piece, i]));
    const missing = Object.values(MARKS).filter((mark) => !this.#numbers.has(mark));
    if (missing.length > 0) {
      throw new RangeError(`vocabulary: expected ${missing.join(', ')} in it, got none`);
    }
  }

  tokenize(text: string): ReturnType<SubwordTokenizer['tokenize']> {
    const unknown: string[] = [];
    const pieces = wordsOf(text).flatMap((word) => {
      const parts = this.#cut(word);
      if (parts) return parts;
      unknown.push(word);
      return [MARKS.unknown];
    });
    const tokens = [MARKS.begin, ...pieces, MARKS.end];
    return { ids: tokens.map((token) => this.#numbers.get(token) ?? 0), tokens, unknown };
  }

  /** Pieces of a word; null where it cannot be made of pieces. */
  #cut(word: string): string[] | null {
    if (word.length > MAX_WORD) return null;
    const pieces: string[] = [];
    for (let from = 0; from < word.length; ) {
      const prefix = from > 0 ? '##' : '';
      let to = word.length;
      while (to > from && !this.#numbers.has(prefix + word.slice(from, to))) to--;
      if (to === from) return null;
      pieces.push(prefix + word.slice(from, to));
      from = to;
    }
    return pieces;
  }
}
