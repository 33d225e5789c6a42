import type { PretrainedText, TextSpec } from '../config/condition.ts';
import { textSize } from '../config/condition-inputs.ts';
import { InstructionError, Tokenizer } from './tokenizer.ts';

/** An instruction as a network takes it. */
export interface EncodedText {
  /** A row of the network's text input, [`textSize`]. */
  readonly row: Float32Array;
  /** The tokens as one reads them; attention weights are in their order. */
  readonly tokens: readonly string[];
  /** Words the encoder does not know. */
  readonly unknown: readonly string[];
}

/** Turns instructions into rows of a network's text input. */
export interface TextEncoder {
  /** @throws InstructionError for one that is too long */
  encode(instruction: string): Promise<EncodedText>;
}

/** Which encoder it is: what a policy keeps of the one that it reads with. */
export type EncoderIdentity = Pick<PretrainedText, 'name' | 'model' | 'tokenizer' | 'features'>;

/** A text as an encoder from outside gives it. */
export interface EncodedTokens {
  /** A vector for each token, [tokens · F]. */
  readonly vectors: Float32Array;
  /** The tokens as one reads them; at least one. */
  readonly tokens: readonly string[];
  readonly unknown: readonly string[];
}

/**
 * A text encoder that was trained elsewhere. It can be anything that gives a vector a token; one
 * exported to ONNX is `createOnnxTextEncoder`.
 */
export interface PretrainedEncoder extends EncoderIdentity {
  encode(instruction: string): Promise<EncodedTokens>;
}

/** A file that is no text encoder, or not the one that a policy reads with. */
export class TextEncoderError extends Error {
  override readonly name = 'TextEncoderError';
}

/**
 * The encoder of a policy.
 *
 * @param pretrained where the policy reads with an encoder from outside: that encoder
 * @throws TextEncoderError where it is not the one the policy was trained with
 */
export function createTextEncoder(text: TextSpec, pretrained?: PretrainedEncoder): TextEncoder {
  if (text.encoder === 'learned') {
    const tokenizer = new Tokenizer(text.vocabulary, text.tokens);
    return {
      async encode(instruction) {
        const { ids, tokens, unknown } = tokenizer.tokenize(instruction);
        return { row: ids, tokens, unknown };
      },
    };
  }
  const encoder = theSame(text, pretrained);
  return {
    async encode(instruction) {
      const { vectors, tokens, unknown } = await encoder.encode(instruction);
      return { row: rowOf(text, { vectors, tokens }, instruction), tokens, unknown };
    },
  };
}

/** @throws InstructionError for one that is too long; TextEncoderError for vectors of another size */
function rowOf(
  text: PretrainedText,
  { vectors, tokens }: Pick<EncodedTokens, 'vectors' | 'tokens'>,
  instruction: string,
): Float32Array {
  const { name, features } = text;
  if (tokens.length > text.tokens) {
    throw new InstructionError(
      `instruction: expected at most ${text.tokens} tokens of ${name}, got ${tokens.length}: ` +
        `"${instruction.slice(0, 80)}"; shorten it`,
    );
  }
  if (tokens.length === 0 || vectors.length !== tokens.length * features) {
    throw new TextEncoderError(
      `text encoder ${name}: expected ${features} numbers for each token, ` +
        `got ${vectors.length} for ${tokens.length} tokens; export it again`,
    );
  }
  const row = new Float32Array(textSize(text));
  tokens.forEach((_, i) => {
    row.set(vectors.subarray(i * features, (i + 1) * features), i * (features + 1));
    row[i * (features + 1) + features] = 1;
  });
  return row;
}

function theSame(text: PretrainedText, got: PretrainedEncoder | undefined): PretrainedEncoder {
  checkEncoder(text, got);
  if (got && got.features === text.features) return got;
  throw new TextEncoderError(
    `text encoder ${text.name}: expected ${text.features} numbers a token, got ` +
      `${got?.features ?? 'none'}; name the file that the policy was trained with`,
  );
}

/**
 * That an encoder is made of the files that a policy reads with; what they are called is of no matter.
 *
 * @throws TextEncoderError
 */
export function checkEncoder(
  text: PretrainedText,
  got: Omit<EncoderIdentity, 'features'> | undefined,
): void {
  const expected = `text encoder: expected ${fileName(text.name, text.model)}`;
  if (!got) {
    throw new TextEncoderError(
      `${expected}, which this policy reads with, got none; name it with --text-encoder FILE`,
    );
  }
  if (got.model !== text.model) {
    throw new TextEncoderError(
      `${expected}, which this policy reads with, got ${fileName(got.name, got.model)}; ` +
        'name that file with --text-encoder FILE',
    );
  }
  if (got.tokenizer !== text.tokenizer) {
    throw new TextEncoderError(
      `${expected} with the tokenizer of sha-256 ${text.tokenizer}, got the tokenizer of sha-256 ` +
        `${got.tokenizer}; name the one it was trained with by --tokenizer FILE`,
    );
  }
}

function fileName(name: string, digest: string): string {
  return `"${name}" (sha-256 ${digest})`;
}
