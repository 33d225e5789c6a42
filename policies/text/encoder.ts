import type { TextSpec } from '../config/condition.ts';
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

/**
 * A text encoder that was trained elsewhere. It can be anything that gives a vector a token; one
 * exported to ONNX is `createOnnxTextEncoder`.
 */
export interface PretrainedEncoder {
  /** As `TextSpec.name` says. */
  readonly name: string;
  /** F */
  readonly features: number;
  /**
   * @returns a vector for each token, [tokens · F], and the tokens as one reads them; at least one
   */
  encode(instruction: string): Promise<{
    vectors: Float32Array;
    tokens: readonly string[];
    unknown: readonly string[];
  }>;
}

/**
 * The encoder of a policy.
 *
 * @param pretrained where the policy reads with an encoder from outside: that encoder
 * @throws InstructionError where it is not the one the policy was trained with
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
  const { name, features } = text;
  if (pretrained?.name !== name || pretrained.features !== features) {
    const got = pretrained ? `"${pretrained.name}" with ${pretrained.features}` : 'none';
    throw new InstructionError(
      `text encoder: expected "${name}" with ${features} features a token, got ${got}`,
    );
  }
  return {
    async encode(instruction) {
      const { vectors, tokens, unknown } = await pretrained.encode(instruction);
      if (tokens.length > text.tokens) {
        throw new InstructionError(
          `instruction: expected at most ${text.tokens} tokens of ${name}, got ${tokens.length}: ` +
            `"${instruction.slice(0, 80)}"; shorten it`,
        );
      }
      if (tokens.length === 0 || vectors.length !== tokens.length * features) {
        throw new InstructionError(
          `text encoder ${name}: expected ${features} numbers for each token, ` +
            `got ${vectors.length} for ${tokens.length} tokens`,
        );
      }
      const row = new Float32Array(textSize(text));
      tokens.forEach((_, i) => {
        row.set(vectors.subarray(i * features, (i + 1) * features), i * (features + 1));
        row[i * (features + 1) + features] = 1;
      });
      return { row, tokens, unknown };
    },
  };
}
