import type { SubwordTokenizer } from './onnx-encoder.ts';

/** Longest word that is taken apart, characters; longer ones are unknown. As in BERT. */
const MAX_WORD = 100;
const MARKS = { begin: '[CLS]', end: '[SEP]', unknown: '[UNK]' } as const;

/**
 * WordPiece of lower-cased text, as BERT and most sentence transformers use it: words and marks of
 * punctuation, each cut into the longest pieces that the vocabulary has, from the left.
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
    const unknown = new Set<string>();
    const pieces = partsOf(text).flatMap((part) => {
      const cut = this.#cut([...part]);
      if (cut) return cut;
      unknown.add(part);
      return [MARKS.unknown];
    });
    const tokens = [MARKS.begin, ...pieces, MARKS.end];
    const ids = tokens.map((token) => this.#numbers.get(token) ?? 0);
    return { ids, tokens, unknown: [...unknown] };
  }

  /** Pieces of a word; null where it cannot be made of pieces. */
  #cut(word: readonly string[]): string[] | null {
    if (word.length > MAX_WORD) return null;
    const pieces: string[] = [];
    for (let from = 0; from < word.length; ) {
      const prefix = from > 0 ? '##' : '';
      const piece = (to: number) => prefix + word.slice(from, to).join('');
      let to = word.length;
      while (to > from && !this.#numbers.has(piece(to))) to--;
      if (to === from) return null;
      pieces.push(piece(to));
      from = to;
    }
    return pieces;
  }
}

/** What BERT takes for punctuation: Unicode's, and the symbols of ASCII. */
const PUNCTUATION = String.raw`[\p{P}$+<=>^\x60|~]`;
/** Scripts without spaces: each character is a word. */
const IDEOGRAPH = String.raw`[\u{4E00}-\u{9FFF}\u{3400}-\u{4DBF}\u{20000}-\u{2A6DF}\u{2A700}-\u{2CEAF}\u{F900}-\u{FAFF}\u{2F800}-\u{2FA1F}]`;
const PART = new RegExp(
  `${PUNCTUATION}|${IDEOGRAPH}|(?:(?!${PUNCTUATION}|${IDEOGRAPH})\\S)+`,
  'gu',
);

/** Words and marks of punctuation of a text, in lower case, without accents and control characters. */
function partsOf(text: string): string[] {
  const clean = text.replace(/(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}]|\uFFFD/gu, '');
  const plain = clean
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
  return plain.match(PART) ?? [];
}
