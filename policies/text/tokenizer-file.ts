import { z } from 'zod';
import { recordOf } from '../config/record.ts';
import { TextEncoderError } from './encoder.ts';
import { WordPiece } from './word-piece.ts';

/** Pieces that are believed; the largest vocabularies have half as many. */
const MOST_PIECES = 1_000_000;

/** What is asked of `tokenizer.json`, Hugging Face's format, so that WordPiece gives its tokens. */
const fileSchema = z.looseObject({
  normalizer: z.looseObject({
    type: z.literal('BertNormalizer'),
    lowercase: z.literal(true),
    strip_accents: z.union([z.null(), z.literal(true)]).optional(),
  }),
  pre_tokenizer: z.looseObject({ type: z.literal('BertPreTokenizer') }),
  model: z.looseObject({
    type: z.literal('WordPiece').optional(),
    continuing_subword_prefix: z.literal('##').optional(),
    vocab: recordOf(
      z.string().max(200),
      z
        .int()
        .min(0)
        .max(MOST_PIECES - 1),
    ),
  }),
});

/**
 * The tokenizer in a file that lies beside a model: `tokenizer.json`, or `vocab.txt` with a piece a
 * line.
 *
 * @param name of the file, for messages
 * @throws TextEncoderError for what is none, and for one of another kind
 */
export function readTokenizer(bytes: Uint8Array, name: string): WordPiece {
  const text = new TextDecoder().decode(bytes);
  const vocabulary = text.trimStart().startsWith('{')
    ? piecesOf(text, name)
    : text.split(/\r?\n/).slice(0, MOST_PIECES);
  try {
    return new WordPiece(vocabulary);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw refused(name, cause.message, cause);
  }
}

function piecesOf(text: string, name: string): string[] {
  const { vocab } = parse(text, name).model;
  const pieces: string[] = [];
  for (const [piece, number] of Object.entries(vocab)) pieces[number] = piece;
  // A number that no piece has is of a piece that no text has.
  return Array.from(pieces, (piece) => piece ?? '');
}

function parse(text: string, name: string): z.infer<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof z.ZodError) {
      const [{ path, message }] = cause.issues;
      throw refused(name, `${path.join('.').slice(0, 80)}: ${message.slice(0, 200)}`, cause);
    }
    if (cause instanceof SyntaxError) throw refused(name, 'JSON that is damaged', cause);
    throw cause;
  }
}

function refused(name: string, got: string, cause: Error): TextEncoderError {
  return new TextEncoderError(
    `tokenizer ${name}: expected tokenizer.json or vocab.txt of a model that reads lower-cased ` +
      `WordPiece, as BERT does, got ${got}; name the one that belongs to the model with --tokenizer FILE`,
    { cause },
  );
}
