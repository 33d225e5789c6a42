import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { ConditionSpec } from '../config/condition.ts';
import { type AttentionProbe, crossAttention } from './attention.ts';
import { contextEncoder } from './context.ts';
import {
  convolution,
  groupNorm,
  type Layer,
  linear,
  modulate,
  silu,
  sinusoidalEmbedding,
  swapTime,
  upsample,
} from './layers.ts';
import type { Network, NetworkInput } from './network.ts';
import { type Parameters, ParameterTable } from './parameters.ts';

export interface UNetConfig {
  /** Prediction horizon Tp, control steps; divisible by 2^(levels − 1). */
  readonly horizon: number;
  /** Components of an action, Da. */
  readonly actionDim: number;
  /** Size of the flattened observation, To·Do. */
  readonly observationDim: number;
  /** Channels of each level; time halves from level to level. */
  readonly channels: readonly number[];
  /** Length of the convolutions, control steps; odd. */
  readonly kernel: number;
  /** Channel groups that are normalised together. */
  readonly groups: number;
  /** Size of the step embedding and of the encoded observation. */
  readonly embedding: number;
  /** What cross-attention at each level reads; absent: there is none. */
  readonly condition?: ConditionSpec;
}

/**
 * Conditional 1-D U-Net over time.
 *
 * Down: two residual blocks a level, then time is halved. Up: time is doubled, the skip connection
 * of that level joins in, two residual blocks. Step embedding and observation enter every block
 * as a scale and a shift of its channels (FiLM). With a condition, each level ends in
 * cross-attention over its tokens. Inside, time comes first, [T, B, C]: what acts on all time
 * steps alike, as normalisation and FiLM do, then goes through memory in long rows.
 *
 * @see Chi et al. 2023, Diffusion Policy, section III-A, arXiv:2303.04137
 */
export function createUNet(config: UNetConfig): Network {
  const { channels, kernel, groups, embedding, actionDim, observationDim } = config;
  const table = new ParameterTable();
  const block = (name: string, from: number, to: number) =>
    residualBlock(table, name, { from, to, kernel, groups, condition: 2 * embedding });

  const { condition: spec } = config;
  const encodeContext = spec && contextEncoder(table, spec, observationDim);
  const attention = (name: string, width: number) =>
    spec &&
    crossAttention(table, `${name}.attention`, {
      channels: width,
      groups,
      context: spec.width,
      embedding,
      heads: spec.heads,
      width: spec.width,
    });

  const embedStep = encoder(table, 'step', embedding, embedding);
  // Where things are in the picture is part of the observation, as Chi et al. have it.
  const seenSize = 2 * (spec?.image?.points ?? 0);
  const embedObservation = encoder(table, 'observation', observationDim + seenSize, embedding);
  const down = channels.map((width, level) => ({
    first: block(`down${level}.first`, level === 0 ? actionDim : channels[level - 1], width),
    second: block(`down${level}.second`, width, width),
    attend: attention(`down${level}`, width),
    halve:
      level < channels.length - 1
        ? convolution(table, `down${level}.halve`, { from: width, to: width, kernel: 3, stride: 2 })
        : null,
  }));
  const bottom = channels[channels.length - 1];
  const middle = [block('middle.first', bottom, bottom), block('middle.second', bottom, bottom)];
  const middleAttend = attention('middle', bottom);
  const up = channels
    .slice(0, -1)
    .map((width, level) => ({
      widen: convolution(table, `up${level}.widen`, {
        from: channels[level + 1],
        to: width,
        kernel: 3,
      }),
      first: block(`up${level}.first`, 2 * width, width),
      second: block(`up${level}.second`, width, width),
      attend: attention(`up${level}`, width),
    }))
    .reverse();
  const last = block('last', channels[0], channels[0]);
  const output = convolution(table, 'output', { from: channels[0], to: actionDim, kernel: 1 });

  const apply = (
    p: Parameters,
    { actions, time, observation, text, image }: NetworkInput,
    probe?: AttentionProbe,
  ): Tensor3D => {
    const context = encodeContext?.(p, { text: needed(text), observation, image });
    const step = embedStep(p, sinusoidalEmbedding(time, embedding));
    const observed = context?.places ? tf.concat([observation, context.places], 1) : observation;
    const condition = silu(tf.concat([step, embedObservation(p, observed)], 1));
    const look = (x: Tensor3D, attend: ReturnType<typeof attention>) =>
      attend && context ? attend(p, x, context, step, probe) : x;
    let h = swapTime(actions);
    const skips: Tensor3D[] = [];
    for (const { first, second, attend, halve } of down) {
      h = look(second(p, first(p, h, condition), condition), attend);
      if (halve) {
        skips.push(h);
        h = halve(p, h);
      }
    }
    for (const each of middle) h = each(p, h, condition);
    h = look(h, middleAttend);
    for (const { widen, first, second, attend } of up) {
      const skip = skips.pop();
      if (!skip) throw new Error('the U-Net has as many ways down as up');
      h = tf.concat([widen(p, upsample(h)), skip], 2);
      h = look(second(p, first(p, h, condition), condition), attend);
    }
    return swapTime(output(p, last(p, h, condition)));
  };
  return { table, apply };
}

function needed(text: Tensor2D | undefined): Tensor2D {
  if (text) return text;
  throw new Error('a network with a condition needs its text input');
}

/** Two linear layers with a SiLU between them. */
function encoder(table: ParameterTable, name: string, from: number, to: number): Layer<Tensor2D> {
  const first = linear(table, `${name}.first`, from, 4 * to);
  const second = linear(table, `${name}.second`, 4 * to, to);
  return (p, x) => second(p, silu(first(p, x)));
}

interface BlockConfig {
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly groups: number;
  /** Size of the condition vector. */
  readonly condition: number;
}

/** conv → norm → SiLU → FiLM → conv → norm → SiLU, plus the input. x [T, B, from] → [T, B, to] */
function residualBlock(table: ParameterTable, name: string, config: BlockConfig) {
  const { from, to, kernel, groups, condition } = config;
  const conv1 = convolution(table, `${name}.conv1`, { from, to, kernel });
  const norm1 = groupNorm(table, `${name}.norm1`, to, groups);
  const film = linear(table, `${name}.film`, condition, 2 * to);
  const conv2 = convolution(table, `${name}.conv2`, { from: to, to, kernel });
  const norm2 = groupNorm(table, `${name}.norm2`, to, groups);
  const project =
    from === to ? null : convolution(table, `${name}.project`, { from, to, kernel: 1 });
  return (p: Parameters, x: Tensor3D, c: Tensor2D): Tensor3D => {
    const coefficients = film(p, c);
    const h = silu(norm1(p, conv1(p, x)));
    const y = silu(norm2(p, conv2(p, modulate(h, coefficients))));
    return tf.add(y, project ? project(p, x) : x);
  };
}
