import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { ConditionSpec, TextSpec } from '../config/condition.ts';
import { FIRST_WORD, PAD } from '../text/tokenizer.ts';
import { type Context, layerNorm, tokenwise, transformerLayer } from './attention.ts';
import type { Parameters, ParameterTable } from './parameters.ts';

/** Added to the logits of what is not there: its weight underflows to zero. */
const NOWHERE = -1e9;

/** Turns the rows of the network's text input into context. */
export type TextLayer = (p: Parameters, text: Tensor2D) => Context;

/** The layer a spec asks for. Parameters are declared in `table`. */
export function textLayer(
  table: ParameterTable,
  text: TextSpec,
  { width, heads }: Pick<ConditionSpec, 'width' | 'heads'>,
): TextLayer {
  return text.encoder === 'learned'
    ? learned(table, text, { width, heads })
    : pretrained(table, text, width);
}

/**
 * A small transformer, trained with the policy: token and place embeddings, then layers of
 * self-attention. text [B, L] of token numbers.
 */
function learned(
  table: ParameterTable,
  { vocabulary, tokens: length, layers }: Extract<TextSpec, { encoder: 'learned' }>,
  { width, heads }: { width: number; heads: number },
): TextLayer {
  const size = FIRST_WORD + vocabulary.length;
  const embedding = table.declare('text.embedding', [size, width], { fanIn: width });
  const places = table.declare('text.places', [length, width], { fanIn: width });
  const stack = Array.from({ length: layers }, (_, i) =>
    transformerLayer(table, `text.layer${i}`, { width, heads }),
  );
  const norm = layerNorm(table, 'text.norm', width);
  return (p, text) => {
    const [batch] = text.shape;
    // A product with one-hot rows: its gradient is a product too, where a gather's is a scatter.
    const numbers = tf.tensor2d(
      Float32Array.from({ length: size }, (_, i) => i),
      [1, size],
    );
    const oneHot = tf.cast(tf.equal(tf.reshape(text, [batch * length, 1]), numbers), 'float32');
    const words = tf.reshape(tf.matMul(oneHot, p[embedding] as Tensor2D), [batch, length, width]);
    const mask = tf.mul(tf.cast(tf.equal(text, PAD), 'float32'), NOWHERE) as Tensor2D;
    let context: Context = { tokens: tf.add(words, p[places]) as Tensor3D, mask };
    for (const layer of stack) context = layer(p, context);
    return { tokens: norm(p, context.tokens), mask };
  };
}

/**
 * Features that an encoder from outside has made, brought to the context's width.
 * text [B, L·(F + 1)]: each token's F features, then 1 where there is a token, 0 where not.
 */
function pretrained(
  table: ParameterTable,
  { tokens: length, features }: Extract<TextSpec, { encoder: 'pretrained' }>,
  width: number,
): TextLayer {
  const project = tokenwise(table, 'text.project', features, width);
  const norm = layerNorm(table, 'text.norm', width);
  return (p, text) => {
    const [batch] = text.shape;
    const rows = tf.reshape(text, [batch, length, features + 1]);
    const [vectors, present] = tf.split(rows, [features, 1], 2) as Tensor3D[];
    const absent = tf.sub(1, tf.reshape(present, [batch, length]));
    return { tokens: norm(p, project(p, vectors)), mask: tf.mul(absent, NOWHERE) as Tensor2D };
  };
}
