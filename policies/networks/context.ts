import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type { ConditionSpec } from '../spec/condition.ts';
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

/**
 * The whole observation as a sequence of tokens for cross-attention: first those of the
 * instruction, then one of the numbers observed, then those of the picture. Layers of self-attention over all of them let
 * words find what they are about: "red" the place of the red ball.
 *
 * @returns context of `contextLength` tokens
 */
export function contextEncoder(
  table: ParameterTable,
  { width, heads, fusion, text, image }: ConditionSpec,
  observationDim: number,
): (p: Parameters, input: ContextInput) => Context {
  const read = textLayer(table, text, { width, heads });
  const see = image && imageEncoder(table, image, width);
  const embed = linear(table, 'context.state', observationDim, width);
  const layers = Array.from({ length: fusion }, (_, i) =>
    transformerLayer(table, `context.layer${i}`, { width, heads }),
  );
  const norm = layerNorm(table, 'context.norm', width);
  return (p, input) => {
    const words = read(p, input.text);
    const [batch] = words.mask.shape;
    const state = tf.reshape(embed(p, input.observation), [batch, 1, width]) as Tensor3D;
    const seen = see ? [see(p, needed(input.image))] : [];
    const present = tf.zeros([batch, 1 + (image?.points ?? 0)]);
    let context: Context = {
      tokens: tf.concat([words.tokens, state, ...seen], 1),
      mask: tf.concat([words.mask, present], 1) as Tensor2D,
    };
    for (const layer of layers) context = layer(p, context);
    return { tokens: norm(p, context.tokens), mask: context.mask };
  };
}

function needed(image: Tensor2D | undefined): Tensor2D {
  if (image) return image;
  throw new Error('a network with a camera needs its image input');
}
