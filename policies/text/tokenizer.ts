/** Number of the token that stands where a sentence has ended: never looked at. */
export const PAD = 0;
/** Every sentence begins with it, so that the empty one has something to be looked at. */
export const START = 1;
/** Stands for each word that is not in the vocabulary. */
export const UNKNOWN = 2;
/** How these are called, in the order of their numbers. */
export const SPECIAL_TOKENS = ['<pad>', '<start>', '<unknown>'] as const;
/** Number of the vocabulary's first word. */
export const FIRST_WORD = SPECIAL_TOKENS.length;

/** An instruction a policy cannot take. */
export class InstructionError extends Error {
  override readonly name = 'InstructionError';
}

export interface Tokenized {
  /** Token numbers, [L], padded with PAD. */
  readonly ids: Float32Array;
  /** The tokens as one reads them, without the padding. */
  readonly tokens: readonly string[];
  /** Words that the vocabulary does not have: the policy has never seen them. */
  readonly unknown: readonly string[];
}

/** Lower-case words of a text; all else separates them. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

/** The words of sentences, each once, in alphabetical order. */
export function vocabularyOf(sentences: readonly string[]): string[] {
  return [...new Set(sentences.flatMap(wordsOf))].sort();
}

/** Splits instructions into words and numbers them. */
export class Tokenizer {
  readonly vocabulary: readonly string[];
  /** L: longest instruction in tokens, the starting one included. */
  readonly length: number;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(vocabulary: readonly string[], length: number) {
    this.vocabulary = vocabulary;
    this.length = length;
    this.#numbers = new Map(vocabulary.map((word, i) => [word, FIRST_WORD + i]));
  }

  /** @throws InstructionError for more words than there is room for */
  tokenize(instruction: string): Tokenized {
    const words = wordsOf(instruction);
    if (words.length >= this.length) {
      throw new InstructionError(
        `instruction: expected at most ${this.length - 1} words, got ${words.length}: ` +
          `"${instruction.slice(0, 80)}"; shorten it`,
      );
    }
    const ids = new Float32Array(this.length).fill(PAD);
    ids[0] = START;
    words.forEach((word, i) => {
      ids[i + 1] = this.#numbers.get(word) ?? UNKNOWN;
    });
    const unknown = words.filter((word) => !this.#numbers.has(word));
    return { ids, tokens: [SPECIAL_TOKENS[START], ...words], unknown: [...new Set(unknown)] };
  }
}
