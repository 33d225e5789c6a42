import { CaptionError, parseCaption } from '../../../demos/cats/index.ts';
import { wordsOf } from '../../../policies/text/tokenizer.ts';
import type { PainterInfo } from '../../../server/protocol/index.ts';

/** What is to be said of a caption before anything is drawn. */
export interface ReadCaption {
  /** Words that the painter has never learnt, each once: they say nothing. */
  readonly unknown: readonly string[];
  /** No word of it is known, though it has some. */
  readonly saysNothing: boolean;
  /** Words beyond those that a caption may have; 0 where it fits. */
  readonly excess: number;
  /** What it asks for at once and no cat can be; null where it is one cat's. */
  readonly contradiction: string | null;
}

/** Reads a caption as the server will, so that what is wrong is said while it is typed. */
export function readCaption(
  caption: string,
  { vocabulary, words }: Pick<PainterInfo, 'vocabulary' | 'words'>,
): ReadCaption {
  const said = wordsOf(caption);
  const unknown = [...new Set(said.filter((word) => !vocabulary.includes(word)))];
  return {
    unknown,
    saysNothing: said.length > 0 && said.every((word) => unknown.includes(word)),
    excess: Math.max(0, said.length - words),
    contradiction: contradictionIn(caption),
  };
}

/** Whether it can be drawn: unknown words only say nothing. */
export function isDrawable({ excess, contradiction }: ReadCaption): boolean {
  return excess === 0 && contradiction === null;
}

function contradictionIn(caption: string): string | null {
  try {
    parseCaption(caption);
    return null;
  } catch (error) {
    if (error instanceof CaptionError) return error.message;
    throw error;
  }
}
