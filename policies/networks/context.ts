import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { ConditionSpec } from '../config/condition.ts';
import { type Context, layerNorm, transformerLayer } from './attention.ts';
import { imageEncoder } from './image-encoder.ts';
import { linear } from './layers.ts';
import type { Parameters, ParameterTable } from './parameters.ts';
import { textLayer } from './text-encoder.ts';

/** What the context is made of. */
export interface ContextInput {
  /** [B, `textSize`] */
  readonly text: Tensor2D;
  /** [B, To·Do], normalised */
  readonly observation: Tensor2D;
  /** [B, `imageSize`], in ±1, where the spec has an image. */
  readonly image: Tensor2D | undefined;
}

/** An observation as the network looks at it. */
export interface ObservationContext extends Context {
  /** Points found in the picture, as `Sight` has them, where there is one. */
  readonly places?: Tensor2D;
}

/**
 * The whole observation as a sequence of tokens for cross-attention: first those of the
 * instruction, then one of each thing observed, then those of the picture. Layers of
 * self-attention over all of them let words find what they are about: "red" the token of the red
 * ball, which is one of its own for that reason.
 *
 * @returns tokens of `text`, `observed` and `image`, one after the other; and the image's points
 */
export function contextEncoder(
  table: ParameterTable,
  { width, heads, fusion, text, observed, image }: ConditionSpec,
  observationDim: number,
): (p: Parameters, input: ContextInput) => ObservationContext {
  const read = textLayer(table, text, { width, heads });
  const see = image && imageEncoder(table, image, width);
  const things = thingTokens(table, observed, { observationDim, width });
  const layers = Array.from({ length: fusion }, (_, i) =>
    transformerLayer(table, `context.layer${i}`, { width, heads }),
  );
  const norm = layerNorm(table, 'context.norm', width);
  return (p, input) => {
    const words = read(p, input.text);
    const [batch] = words.mask.shape;
    const sight = see?.(p, needed(input.image), sentence(words));
    const seen = sight ? [sight.tokens] : [];
    const others = observed.length + (image?.points ?? 0);
    const present = others > 0 ? [tf.zeros<tf.Rank.R2>([batch, others])] : [];
    let context: Context = {
      tokens: tf.concat([words.tokens, ...things(p, input.observation), ...seen], 1),
      mask: tf.concat([words.mask, ...present], 1),
    };
    for (const layer of layers) context = layer(p, context);
    return {
      tokens: norm(p, context.tokens),
      mask: context.mask,
      ...(sight && { places: sight.places }),
    };
  };
}

/**
 * A token for each thing observed: all of its numbers, through a linear layer of its own.
 *
 * @returns (p, observation [B, To·Do]) → [B, 1, width] a thing
 */
function thingTokens(
  table: ParameterTable,
  observed: ConditionSpec['observed'],
  { observationDim, width }: { observationDim: number; width: number },
): (p: Parameters, observation: Tensor2D) => Tensor3D[] {
  if (observed.length === 0) return () => [];
  const sizes = observed.map(({ size }) => size);
  const dim = sizes.reduce((total, size) => total + size, 0);
  const steps = observationDim / dim;
  if (!Number.isInteger(steps)) {
    throw new RangeError(
      `condition: expected things of ${dim} numbers in all to make up each control step of an ` +
        `observation of ${observationDim}`,
    );
  }
  const embed = observed.map(({ name, size }) =>
    linear(table, `context.${name}`, steps * size, width),
  );
  return (p, observation) => {
    const [batch] = observation.shape;
    const parts = tf.split(tf.reshape(observation, [batch, steps, dim]), sizes, 2);
    return parts.map((part, i) => {
      const numbers = tf.reshape(part, [batch, steps * sizes[i]]) as Tensor2D;
      return tf.reshape(embed[i](p, numbers), [batch, 1, width]) as Tensor3D;
    });
  };
}

/** The mean of all words: [B, width]. */
function sentence({ tokens, mask }: Context): Tensor2D {
  const [batch, length, width] = tokens.shape;
  const shares = tf.reshape(tf.softmax(mask), [batch, 1, length]);
  return tf.reshape(tf.matMul(shares, tokens), [batch, width]);
}

/** @throws Error without the text input that a condition needs */
export function neededText(text: Tensor2D | undefined): Tensor2D {
  if (text) return text;
  throw new Error('a network with a condition needs its text input');
}

function needed(image: Tensor2D | undefined): Tensor2D {
  if (image) return image;
  throw new Error('a network with a camera needs its image input');
}
