import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { groupNorm, linear, modulate, silu, standardise, swapTime } from './layers.ts';
import type { Parameters, ParameterTable } from './parameters.ts';

/** What an observation offers to be looked at: a vector a token. */
export interface Context {
  /** [B, L, W] */
  readonly tokens: Tensor3D;
  /** Added to the logits of each token, [B, L]: 0, or far below it where there is none. */
  readonly mask: Tensor2D;
}

/**
 * Told where the network looks.
 *
 * @param block   name of the attention block
 * @param weights [B, T, L], the mean over heads; each row sums to 1
 */
export type AttentionProbe = (block: string, weights: Tensor3D) => void;

interface Heads {
  readonly heads: number;
  /** Size of queries, keys and values of all heads together. */
  readonly width: number;
}

/**
 * Scaled dot-product attention of several heads.
 *
 * @param query [B, T, W]; key and value [B, L, W]
 * @param mask  [B, L], added to the logits
 * @returns     attended [B, T, W], weights [B, heads, T, L]
 * @see Vaswani et al. 2017, eq. 1, arXiv:1706.03762
 */
export function attend(
  { query, key, value, mask }: { query: Tensor3D; key: Tensor3D; value: Tensor3D; mask: Tensor2D },
  { heads, width }: Heads,
): { attended: Tensor3D; weights: Tensor4D } {
  const [batch, time] = query.shape;
  const length = key.shape[1];
  const size = width / heads;
  const split = (x: Tensor3D) =>
    tf.transpose(tf.reshape(x, [batch, x.shape[1], heads, size]), [0, 2, 1, 3]);
  const products = tf.matMul(split(query), split(key), false, true);
  const logits = tf.add(
    tf.mul(products, 1 / Math.sqrt(size)),
    tf.reshape(mask, [batch, 1, 1, length]),
  );
  const weights = tf.softmax(logits) as Tensor4D;
  const joined = tf.transpose(tf.matMul(weights, split(value)), [0, 2, 1, 3]);
  return { attended: tf.reshape(joined, [batch, time, width]), weights };
}

/** y = x·W + b for every token. x [B, L, from] → [B, L, to] */
export function tokenwise(
  table: ParameterTable,
  name: string,
  from: number,
  to: number,
): (p: Parameters, x: Tensor3D) => Tensor3D {
  const layer = linear(table, name, from, to);
  return (p, x) => {
    const [batch, length] = x.shape;
    return tf.reshape(layer(p, tf.reshape(x, [batch * length, from])), [batch, length, to]);
  };
}

/**
 * Layer normalisation over the features of each token, x [B, L, W].
 *
 * @see Ba et al. 2016, arXiv:1607.06450
 */
export function layerNorm(table: ParameterTable, name: string, width: number) {
  const scale = table.declare(`${name}.scale`, [width], 'ones');
  const shift = table.declare(`${name}.shift`, [width], 'zeros');
  return (p: Parameters, x: Tensor3D): Tensor3D => {
    const even = standardise(x, 1e-5);
    return tf.add(tf.mul(even, p[scale] as Tensor1D), p[shift]) as Tensor3D;
  };
}

/** Self-attention and two linear layers, each on normalised input and added to it. */
export function transformerLayer(
  table: ParameterTable,
  name: string,
  { heads, width }: Heads,
): (p: Parameters, context: Context) => Context {
  const norm1 = layerNorm(table, `${name}.norm1`, width);
  const query = tokenwise(table, `${name}.query`, width, width);
  const key = tokenwise(table, `${name}.key`, width, width);
  const value = tokenwise(table, `${name}.value`, width, width);
  const output = tokenwise(table, `${name}.output`, width, width);
  const norm2 = layerNorm(table, `${name}.norm2`, width);
  const widen = tokenwise(table, `${name}.widen`, width, 4 * width);
  const narrow = tokenwise(table, `${name}.narrow`, 4 * width, width);
  return (p, { tokens, mask }) => {
    const x = norm1(p, tokens);
    const { attended } = attend(
      { query: query(p, x), key: key(p, x), value: value(p, x), mask },
      { heads, width },
    );
    const h = tf.add(tokens, output(p, attended)) as Tensor3D;
    const y = narrow(p, silu(widen(p, norm2(p, h))));
    return { tokens: tf.add(h, y) as Tensor3D, mask };
  };
}

interface CrossAttentionConfig extends Heads {
  /** Channels of the trajectory features. */
  readonly channels: number;
  readonly groups: number;
  /** Size of the context's tokens. */
  readonly context: number;
  /** Size of the step embedding. */
  readonly embedding: number;
}

/**
 * Each time step of a trajectory asks the observation what it should be: queries from the
 * trajectory's features, keys and values from the context. The step embedding scales and shifts
 * what the queries are made of, so that what is asked can differ early and late.
 *
 * @returns (p, features [T, B, C], context, step [B, embedding]) → [T, B, C]
 * @see Rombach et al. 2022, section 3.3, arXiv:2112.10752
 */
export function crossAttention(
  table: ParameterTable,
  name: string,
  { channels, groups, context: contextWidth, embedding, heads, width }: CrossAttentionConfig,
) {
  const norm = groupNorm(table, `${name}.norm`, channels, groups);
  const film = linear(table, `${name}.film`, embedding, 2 * channels);
  const query = tokenwise(table, `${name}.query`, channels, width);
  const key = tokenwise(table, `${name}.key`, contextWidth, width);
  const value = tokenwise(table, `${name}.value`, contextWidth, width);
  const output = tokenwise(table, `${name}.output`, width, channels);
  return (
    p: Parameters,
    x: Tensor3D,
    context: Context,
    step: Tensor2D,
    probe?: AttentionProbe,
  ): Tensor3D => {
    const coefficients = film(p, silu(step));
    const asking = modulate(norm(p, x), coefficients);
    const { attended, weights } = attend(
      {
        query: swapTime(query(p, asking)),
        key: key(p, context.tokens),
        value: value(p, context.tokens),
        mask: context.mask,
      },
      { heads, width },
    );
    probe?.(name, tf.mean(weights, 1) as Tensor3D);
    return tf.add(x, swapTime(output(p, attended)));
  };
}

/**
 * Each place of a picture, or time step, asks all others what goes with it; the step embedding scales
 * and shifts what is compared.
 *
 * @returns (p, features [N, B, C], step [B, embedding]) → [N, B, C]
 * @see Ho et al. 2020, appendix B, arXiv:2006.11239
 */
export function selfAttention(
  table: ParameterTable,
  name: string,
  { channels, groups, embedding, heads, width }: Omit<CrossAttentionConfig, 'context'>,
) {
  const norm = groupNorm(table, `${name}.norm`, channels, groups);
  const film = linear(table, `${name}.film`, embedding, 2 * channels);
  const query = tokenwise(table, `${name}.query`, channels, width);
  const key = tokenwise(table, `${name}.key`, channels, width);
  const value = tokenwise(table, `${name}.value`, channels, width);
  const output = tokenwise(table, `${name}.output`, width, channels);
  return (p: Parameters, x: Tensor3D, step: Tensor2D): Tensor3D => {
    const [places, batch] = x.shape;
    const asking = modulate(norm(p, x), film(p, silu(step)));
    const { attended } = attend(
      {
        query: swapTime(query(p, asking)),
        key: swapTime(key(p, asking)),
        value: swapTime(value(p, asking)),
        mask: tf.zeros([batch, places]),
      },
      { heads, width },
    );
    return tf.add(x, swapTime(output(p, attended)));
  };
}
